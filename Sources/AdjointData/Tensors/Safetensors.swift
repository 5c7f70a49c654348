public import AdjointCore

/// Writes tensors by name as a safetensors file. What was at `path` is replaced as a whole, or
/// stays as it was.
///
/// - Parameter metadata: Texts by name, to go with the tensors.
/// - Throws: `DataFileError` where the file cannot be written.
/// - Errors: `.device` for a tensor without data.
public func save(_ state: StateDict, to path: String, metadata: [String: String] = [:]) throws {
    // The widest types first, so that every tensor is aligned; then by name.
    let tensors = state.map { (name: $0.key, tensor: $0.value.detach()) }.sorted {
        ($1.tensor.dtype.itemSize, $0.name) < ($0.tensor.dtype.itemSize, $1.name)
    }
    if let (name, _) = tensors.first(where: { $0.name == "__metadata__" }) {
        throw DataFileError(
            path: path, problem: "no tensor can be named \"\(name)\" in a safetensors file",
            advice: "rename it")
    }
    var fields: [String] = []
    // Other readers of the format ask for this entry before they trust a file.
    let notes = metadata.merging(["format": "pt"]) { own, _ in own }
    fields.append(
        "\"__metadata__\":{"
            + notes.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
            .joined(separator: ",") + "}")
    var offset = 0
    for (name, tensor) in tensors {
        let size = tensor.numel * tensor.dtype.itemSize
        let type = SafetensorsHeader.names.first { $0.dtype == tensor.dtype }?.name ?? ""
        fields.append(
            "\(quoted(name)):{\"dtype\":\"\(type)\",\"shape\":["
                + tensor.shape.map(String.init).joined(separator: ",")
                + "],\"data_offsets\":[\(offset),\(offset + size)]}")
        offset += size
    }
    var header = Array("{\(fields.joined(separator: ","))}".utf8)
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    try FileWriter.write(to: path) { write throws(DataFileError) in
        var length = UInt64(header.count).littleEndian
        var failure: DataFileError?
        func put(_ bytes: UnsafeRawBufferPointer) {
            guard failure == nil else { return }
            do throws(DataFileError) { try write(bytes) } catch { failure = error }
        }
        withUnsafeBytes(of: &length, put)
        header.withUnsafeBytes(put)
        for (name, tensor) in tensors where tensor.numel > 0 {
            var isWritten = false
            tensor.withRawBytes {
                put($0)
                isWritten = true
            }
            if let failure { throw failure }
            if !isWritten {
                throw DataFileError(
                    path: path, problem: "tensor \(DataFileError.quoted(name)) has no data",
                    advice: "save tensors that an operation has not failed to make")
            }
        }
        if let failure { throw failure }
    }
}

/// Reads a safetensors file: tensors by name, in the dtypes that the file states. The file is
/// mapped into memory, and its pages are read as they are used.
///
/// - Throws: `DataFileError` where the file cannot be read, is damaged or is no safetensors file.
public func load(from path: String) throws -> StateDict {
    let file = try MappedFile(path)
    let header = try SafetensorsHeader(file, path: path)
    var state: StateDict = [:]
    for entry in header.entries {
        state[entry.name] = Tensor(
            bytes: UnsafeMutableRawBufferPointer(mutating: file[entry.range]), owner: file,
            shape: entry.shape, dtype: entry.dtype)
    }
    return state
}

/// `text` as a JSON string.
private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case _ where scalar.value < 0x20:
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
