import { deployment } from './deployment';
import { buildApp } from './stacks/app';

buildApp(deployment).synth();
