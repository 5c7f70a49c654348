public import AdjointCore

/// Writes a tensor as one of NumPy's arrays, a `.npy` file: version 1, little-endian, row-major.
/// What was at `path` is replaced as a whole, or stays as it was.
///
/// - Throws: `DataFileError` where the file cannot be written, and for bfloat16, which NumPy lacks.
/// - Errors: `.device` for a tensor without data.
public func saveNumpy(_ t: Tensor, to path: String) throws {
    let tensor = t.detach()
    let header = try NumpyHeader.bytes(for: tensor, path: path, name: nil)
    try FileWriter.write(to: path) { sink throws(DataFileError) in
        sink.put(header)
        sink.put(tensor, named: "tensor")
    }
}

/// Reads one of NumPy's arrays, a `.npy` file of version 1 to 3, in either order of bytes and of
/// dimensions. Floats, signed integers, uint8 and bool are read; the result is contiguous.
///
/// - Throws: `DataFileError` where the file cannot be read, is damaged, or holds another type.
public func loadNumpy(from path: String) throws -> Tensor {
    try readNumpy(FileMemory(path), path: path)
}

/// The array in `file`, which messages call `path`.
func readNumpy(_ file: FileMemory, path: String) throws(DataFileError) -> Tensor {
    if ZipArchive.looksLikeZip(file) {
        throw DataFileError(
            path: path, problem: "this is an archive, where one array was expected",
            advice: "read it with loadNumpyArchive(from:), or with load(from:)")
    }
    return array(file, try NumpyHeader(file, 0..<file.count, path: path))
}

/// Writes tensors by name as one of NumPy's archives, a `.npz` file, uncompressed. What was at
/// `path` is replaced as a whole, or stays as it was.
///
/// - Throws: `DataFileError` where the file cannot be written, and for bfloat16, which NumPy lacks.
/// - Errors: `.device` for a tensor without data.
public func saveNumpyArchive(_ arrays: [String: Tensor], to path: String) throws {
    var entries: [(name: String, tensor: Tensor, header: [UInt8])] = []
    for (name, tensor) in arrays.sorted(by: { $0.key < $1.key }) {
        let tensor = tensor.detach()
        let header = try NumpyHeader.bytes(for: tensor, path: path, name: name)
        guard name.utf8.count <= 60_000 else {
            throw DataFileError(
                path: path, problem: "the name \(DataFileError.quoted(name)) is too long",
                advice: "shorten it")
        }
        entries.append((name, tensor, header))
    }
    try FileWriter.write(to: path) { sink throws(DataFileError) in
        var archive = ZipWriter(sink)
        for (name, tensor, header) in entries {
            var checksum = Checksum()
            header.withUnsafeBytes { checksum.update($0) }
            if tensor.numel > 0 { tensor.withRawBytes { checksum.update($0) } }
            archive.add(
                name + ".npy", size: header.count &+ tensor.numel &* tensor.dtype.itemSize,
                checksum: checksum.value
            ) {
                sink.put(header)
                sink.put(tensor, named: name)
            }
        }
        archive.finish()
    }
}

/// Reads one of NumPy's archives, a `.npz` file, compressed or not: arrays by name, as
/// `loadNumpy(from:)` reads them.
///
/// - Throws: `DataFileError` where the file cannot be read, is damaged or is no such archive.
public func loadNumpyArchive(from path: String) throws -> [String: Tensor] {
    let file = try FileMemory(path)
    guard ZipArchive.looksLikeZip(file) else {
        throw DataFileError(
            path: path, problem: "this is no archive",
            advice: file.holds(NumpyHeader.magic, at: 0)
                ? "it is a single array: read it with loadNumpy(from:)"
                : "name a file that numpy.savez wrote")
    }
    return try readNumpyArchive(ZipArchive(file, path: path))
}

/// Every entry of `archive` as an array.
func readNumpyArchive(_ archive: ZipArchive) throws(DataFileError) -> [String: Tensor] {
    var arrays: [String: Tensor] = [:]
    for entry in archive.entries {
        let shown = DataFileError.quoted(entry.name)
        guard entry.name.hasSuffix(".npy") else {
            throw DataFileError(
                path: archive.path, problem: "the archive's entry \(shown) is no array",
                advice: "name a file that numpy.savez wrote")
        }
        let (memory, range) = try archive.content(of: entry, isChecked: true)
        let header = try NumpyHeader(memory, range, path: archive.path, what: shown)
        arrays[String(entry.name.dropLast(4))] = array(memory, header)
    }
    return arrays
}

/// The array in `file` that `header` describes, row-major.
private func array(_ file: FileMemory, _ header: NumpyHeader) -> Tensor {
    let shape = header.isFortran ? header.shape.reversed() : header.shape
    let tensor = Tensor(
        file, header.data, shape: shape, dtype: header.dtype, isBigEndian: header.isBigEndian)
    guard header.isFortran, shape.count > 1 else { return tensor }
    return noGrad { tensor.permute(Array(shape.indices.reversed())).contiguous() }
}
