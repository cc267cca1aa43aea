import { buildModules } from '../../stacks/app';
import { deployment } from './deployment';

buildModules(deployment).app.synth();
