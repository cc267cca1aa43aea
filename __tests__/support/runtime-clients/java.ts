import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { folderPackage } from '../function-package';
import { bootstrapFile, built, compile, pinnedVersion } from './built';
import type { RuntimeClient } from './runtime-client';

/**
 * Without it, each process of the client unpacks its library to the same file of /tmp, perhaps while another loads that,
 * which then ends with exit code 255 (JniHelper.java of aws-lambda-java-libs).
 */
const NATIVE_LIBRARY_PROPERTY = 'com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI';

/** In the client's jar. */
const NATIVE_LIBRARY = `jni/libaws-lambda-jni.linux-${process.arch === 'arm64' ? 'aarch_64' : 'x86_64'}.so`;

/** The package is laid out as Lambda wants it: classes at its root, their libraries in lib/. */
export const JAVA: RuntimeClient = {
  runtime: 'Java',
  client: 'aws-lambda-java-runtime-interface-client',
  version: pinnedVersion('java-client/pom.xml', /interface-client<\/artifactId>\s*<version>([^<]+)/),
  programs: ['java', 'javac', 'jar', 'mvn'],
  handlerName: (handler) => `example.Cases::${handler}`,
  errorType: (name) => `example.Cases$${name}`,
  provide: async (folder) => {
    const sources = ['java-client', 'functions/java-cases'];
    const output = await built({ name: 'java', sources, build });
    const client = path.join(output, `client/aws-lambda-java-runtime-interface-client-${JAVA.version}.jar`);
    await compile(folder, 'jar', ['--extract', '--file', client, NATIVE_LIBRARY]);
    const library = `-D${NATIVE_LIBRARY_PROPERTY}=${path.join(folder, NATIVE_LIBRARY)}`;
    // AWS's bootstrap does this with its client from /var/runtime/lib.
    const main = 'com.amazonaws.services.lambda.runtime.api.client.AWSLambda';
    const start = `exec java -XX:TieredStopAtLevel=1 ${library} -cp "${output}/client/*:$CLASSPATH" ${main} "$_HANDLER"`;
    return {
      runtime: 'java17',
      package: folderPackage(path.join(output, 'package')),
      layer: folderPackage(path.join(output, 'layer')),
      environment: { OVERTIME_BOOTSTRAP: await bootstrapFile(folder, 'java', start) },
    };
  },
};

async function build(folder: string): Promise<void> {
  const [client, classes, libraries, layer] = ['client', 'package', 'package/lib', 'layer/java/lib'] as const;
  for (const made of [client, libraries, layer, 'layered']) {
    await mkdir(path.join(folder, made), { recursive: true });
  }
  const args = ['--batch-mode', '--no-transfer-progress', '--strict-checksums', 'dependency:copy-dependencies'];
  const output = `-DoutputDirectory=${path.join(folder, client)}`;
  await compile(path.join(folder, 'java-client'), 'mvn', [...args, '-DincludeScope=runtime', output]);

  // What a function is compiled against comes with its package.
  const core = `aws-lambda-java-core-${pinnedVersion('java-client/pom.xml', /java-core<\/artifactId>\s*<version>([^<]+)/)}.jar`;
  await copyFile(path.join(folder, client, core), path.join(folder, libraries, core));

  const release = ['--release', '11', '-encoding', 'UTF-8'];
  await compile(folder, 'javac', [...release, '-d', 'layered', 'java-cases/layer/layered/Layered.java']);
  await compile(folder, 'jar', ['--create', '--file', `${layer}/layered.jar`, '-C', 'layered', '.']);
  const classPath = ['-cp', `layered:${libraries}/${core}`];
  await compile(folder, 'javac', [...release, ...classPath, '-d', classes, 'java-cases/src/example/Cases.java']);
}
