// An hourglass on the face of a clock. The pale quarter is what Lambda gives, 15 minutes; the glowing arc is overtime.
// Part of Overtime, under its license. For POV-Ray 3.7. The glass stands in the origin, 3.4 high, and y is up.
#version 3.7;

global_settings {
  assumed_gamma 1.0
  max_trace_level 12
}

#declare Brass_Colour = srgb <0.83, 0.62, 0.30>;
#declare Sand_Colour = srgb <0.98, 0.60, 0.20>;
#declare Slate_Colour = srgb <0.16, 0.22, 0.34>;
#declare Glow_Colour = srgb <1.00, 0.45, 0.08>;
#declare Pale_Colour = srgb <0.62, 0.70, 0.80>;

#declare Brass = material {
  texture {
    pigment { color Brass_Colour }
    finish { ambient 0 diffuse 0.45 specular 0.7 roughness 0.02 metallic reflection { 0.35, 0.7 metallic } }
  }
}

#declare Sand = material {
  texture {
    pigment { color Sand_Colour }
    normal { granite 0.12 scale 0.05 }
    finish { ambient 0 diffuse 0.8 emission 0.28 }
  }
}

#declare Glass = material {
  texture {
    pigment { color srgbt <0.97, 0.99, 1.00, 0.98> }
    finish { ambient 0 diffuse 0.02 specular 0.9 roughness 0.002 reflection { 0.02, 0.8 fresnel on } conserve_energy }
  }
  interior { ior 1.25 }
}

// The outline of the glass, from the lower plate to the upper one, as radius and height.
#declare Points = 9;
#declare Radii = array[Points] { 0.92, 1.02, 0.98, 0.55, 0.10, 0.55, 0.98, 1.02, 0.92 }
#declare Heights = array[Points] { -1.50, -1.15, -0.75, -0.28, 0.00, 0.28, 0.75, 1.15, 1.50 }

// A body of revolution inside that outline, thinner by Less.
#macro Bulbs(Less)
  lathe {
    cubic_spline
    Points + 2,
    <Radii[0] - Less, Heights[0] - 0.4>
    #for (I, 0, Points - 1)
      , <Radii[I] - Less, Heights[I]>
    #end
    , <Radii[Points - 1] - Less, Heights[Points - 1] + 0.4>
    sturm
  }
#end

// The sand keeps a hair's breadth from the glass: surfaces that coincide would flicker.
#declare Inside = 0.085;

#declare Hourglass = union {
  difference {
    object { Bulbs(0) }
    object { Bulbs(0.05) }
    material { Glass }
  }
  // What is left above, with the hollow that it runs out of.
  intersection {
    object { Bulbs(Inside) }
    difference {
      cylinder { <0, 0.05, 0>, <0, 0.62, 0>, 1.2 }
      cone { <0, 0.28, 0>, 0, <0, 0.70, 0>, 0.95 }
    }
    material { Sand }
  }
  // What has run: the stream, and the heap below.
  cylinder { <0, -1.0, 0>, <0, 0.1, 0>, 0.016 material { Sand } }
  intersection {
    object { Bulbs(Inside) }
    union {
      cylinder { <0, -1.49, 0>, <0, -1.18, 0>, 1.2 }
      cone { <0, -1.18, 0>, 1.05, <0, -0.72, 0>, 0 }
    }
    material { Sand }
  }
  // The frame.
  #for (Side, -1, 1, 2)
    union {
      cylinder { <0, 1.50, 0>, <0, 1.62, 0>, 1.28 }
      torus { 1.28, 0.06 translate 1.56 * y }
      cylinder { <0, 1.62, 0>, <0, 1.70, 0>, 1.08 }
      scale <1, Side, 1>
      material { Brass }
    }
  #end
  #for (Post, 0, 2)
    union {
      cylinder { <1.16, -1.5, 0>, <1.16, 1.5, 0>, 0.045 }
      sphere { <1.16, 0, 0>, 0.085 }
      sphere { <1.16, 0.75, 0>, 0.065 }
      sphere { <1.16, -0.75, 0>, 0.065 }
      rotate (30 + 120 * Post) * y
      material { Brass }
    }
  #end
  translate 1.70 * y
}

// Minutes run clockwise, seen from above; minute 0 is away from the viewer.
#macro Minute(Object, M)
  object { Object rotate 6 * M * y }
#end

#declare Dial_Radius = 4.6;

#declare Tick = box { <-0.022, 0, 3.72>, <0.022, 0.02, 3.92> }
#declare Hour = box { <-0.05, 0, 3.52>, <0.05, 0.03, 3.92> }

#declare Dial = union {
  cylinder {
    <0, -0.3, 0>, <0, 0, 0>, Dial_Radius
    pigment { color Slate_Colour }
    finish { ambient 0 diffuse 0.7 specular 0.25 roughness 0.03 reflection { 0.04, 0.35 fresnel on } }
    interior { ior 1.5 }
  }
  torus { Dial_Radius, 0.12 material { Brass } }
  #for (M, 0, 59)
    #if (mod(M, 5) = 0)
      object { Minute(Hour, M) material { Brass } }
    #else
      object { Minute(Tick, M) material { Brass } }
    #end
  #end
}

// A ring from minute From to minute To, as beads: round ends, and nothing to cut.
#macro Arc(From, To, Thick, Colour, Light)
  union {
    #local Steps = ceil((To - From) * 12);
    #for (I, 0, Steps)
      sphere {
        <0, 0.05, 4.18>, Thick
        rotate 6 * (From + (To - From) * I / Steps) * y
      }
    #end
    pigment { color Colour }
    finish { ambient 0 diffuse 0.5 emission Light }
  }
#end

object { Hourglass }
object { Dial }
Arc(0, 15, 0.075, Pale_Colour, 0.45)
Arc(16, 52, 0.10, Glow_Colour, 0.95)

// The glow falls on the dial too.
#for (I, 0, 11)
  light_source {
    <0, 0.35, 4.18>
    color Glow_Colour * 0.10
    fade_distance 0.6
    fade_power 2
    shadowless
    rotate 6 * (17 + 3 * I) * y
  }
#end

plane {
  y, -0.3
  pigment { color srgb <0.10, 0.12, 0.17> }
  finish { ambient 0 diffuse 0.8 }
}

sky_sphere {
  pigment {
    gradient y
    color_map {
      [0.00 color srgb <0.05, 0.06, 0.10>]
      [0.25 color srgb <0.16, 0.20, 0.30>]
      [0.40 color srgb <0.95, 0.90, 0.82>]
      [0.55 color srgb <0.30, 0.36, 0.48>]
      [1.00 color srgb <0.65, 0.72, 0.82>]
    }
  }
}

light_source {
  <-6, 9, -5>
  color srgb <1.00, 0.94, 0.86> * 1.5
  area_light 2 * x, 2 * z, 4, 4
  adaptive 1
  circular
  orient
}

light_source {
  <8, 6, 3>
  color srgb <0.45, 0.57, 0.85> * 0.8
  shadowless
}

camera {
  location <2.2, 6.0, -10.6>
  look_at <0, 0.65, 0>
  right x * image_width / image_height
  up y
  angle 57
}
