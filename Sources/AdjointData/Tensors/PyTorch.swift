public import AdjointCore

/// Writes tensors by name as PyTorch's state dict, a `.pt` file that `torch.load` reads with
/// `weights_only=True`: an OrderedDict, its names in order of the alphabet. What was at `path` is
/// replaced as a whole, or stays as it was.
///
/// - Throws: `DataFileError` where the file cannot be written.
/// - Errors: `.device` for a tensor without data.
public func savePyTorch(_ state: StateDict, to path: String) throws {
    let tensors = state.sorted { $0.key < $1.key }.map { (name: $0.key, tensor: $0.value.detach()) }
    let pickle = PickleWriter(tensors).bytes
    try FileWriter.write(to: path) { sink throws(DataFileError) in
        var archive = ZipWriter(sink)
        archive.add("archive/data.pkl", pickle)
        archive.add("archive/byteorder", Array("little".utf8))
        for (index, (name, tensor)) in tensors.enumerated() {
            var checksum = Checksum()
            if tensor.numel > 0 { tensor.withRawBytes { checksum.update($0) } }
            archive.add(
                "archive/data/\(index)", size: tensor.numel &* tensor.dtype.itemSize,
                checksum: checksum.value, alignment: 64
            ) { sink.put(tensor, named: name) }
        }
        archive.add("archive/version", Array("3\n".utf8))
        archive.finish()
    }
}
