throw new TypeError('bad start');
