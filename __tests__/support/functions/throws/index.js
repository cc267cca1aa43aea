exports.handler = async () => {
  throw new RangeError('out of range');
};
