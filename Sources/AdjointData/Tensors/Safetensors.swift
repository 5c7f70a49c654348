public import AdjointCore

/// Writes tensors by name as a safetensors file. What was at `path` is replaced as a whole, or
/// stays as it was.
///
/// - Parameters:
///   - state: The tensors by name.
///   - path: The file.
///   - metadata: Texts by name, to go with the tensors.
/// - Throws: `DataFileError` where the file cannot be written.
/// - Errors: `.device` for a tensor without data.
public func save(_ state: StateDict, to path: String, metadata: [String: String] = [:]) throws {
    let file = try SafetensorsFile(state, metadata: metadata, path: path)
    try FileWriter.write(to: path, file.put)
}

/// What a safetensors file will hold.
struct SafetensorsFile {
    /// The header, and its length before it.
    private let header: [UInt8]
    private let tensors: [(name: String, tensor: Tensor)]

    init(
        _ state: StateDict, metadata: [String: String], path: String
    ) throws(DataFileError) {
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
                + notes.sorted { $0.key < $1.key }
                .map { "\(jsonQuoted($0.key)):\(jsonQuoted($0.value))" }
                .joined(separator: ",") + "}")
        var offset = 0
        for (name, tensor) in tensors {
            let size = tensor.numel &* tensor.dtype.itemSize
            let type = SafetensorsHeader.names.first { $0.dtype == tensor.dtype }?.name ?? ""
            fields.append(
                "\(jsonQuoted(name)):{\"dtype\":\"\(type)\",\"shape\":["
                    + tensor.shape.map(String.init).joined(separator: ",")
                    + "],\"data_offsets\":[\(offset),\(offset &+ size)]}")
            offset &+= size
        }
        var json = Array("{\(fields.joined(separator: ","))}".utf8)
        while json.count % 8 != 0 { json.append(UInt8(ascii: " ")) }
        header = withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) } + json
        self.tensors = tensors
    }

    func put(_ sink: FileSink) {
        sink.put(header)
        for (name, tensor) in tensors { sink.put(tensor, named: name) }
    }
}

/// `text` as a JSON string.
func jsonQuoted(_ text: String) -> String {
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
