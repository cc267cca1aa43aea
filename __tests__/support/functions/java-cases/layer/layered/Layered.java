package layered;

/** What the function finds in a layer, in java/lib/. */
public class Layered {
  public static String name() {
    return "from a layer";
  }
}
