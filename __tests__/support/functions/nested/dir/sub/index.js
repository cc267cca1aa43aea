exports.a = { b: { c: async () => 'nested' } };
