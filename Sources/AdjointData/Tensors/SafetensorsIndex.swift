import AdjointCore

/// The index of tensors that are divided among several safetensors files,
/// `model.safetensors.index.json`: a JSON object whose `weight_map` says which file, in the same
/// folder, holds which tensor.
enum SafetensorsIndex {
    /// The most of an index that is read.
    private static let longest = 1 << 28

    /// The tensors that the index in `file` names.
    static func state(_ file: FileMemory, path: String) throws(DataFileError) -> StateDict {
        guard file.count <= longest else {
            throw .damaged(path, "the index has \(file.count) bytes")
        }
        let json: JSONValue
        do throws(JSONReader.Failure) {
            json = try JSONReader.read(Array(file[0..<file.count]), allowsOthers: true)
        } catch {
            throw .damaged(
                path,
                "the index cannot be read as JSON: \(error.problem), at byte "
                    + "\(error.offset)")
        }
        guard case .object(let members) = json, case .object(let map)? = members["weight_map"]
        else { throw .damaged(path, "the index has no weight_map") }
        var files: [String: [String]] = [:]
        for (name, value) in map {
            guard case .string(let part) = value, isPlain(part) else {
                throw .damaged(
                    path,
                    "the index does not name a file in its folder for tensor "
                        + DataFileError.quoted(name))
            }
            files[part, default: []].append(name)
        }
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        var state: StateDict = [:]
        for (part, names) in files.sorted(by: { $0.key < $1.key }) {
            let memory = try FileMemory(folder + part)
            let header = try SafetensorsHeader(memory, path: folder + part)
            let entries = Dictionary(header.entries.map { ($0.name, $0) }) { first, _ in first }
            for name in names.sorted() {
                guard let entry = entries[name] else {
                    throw DataFileError(
                        path: path,
                        problem: "tensor \(DataFileError.quoted(name)) is not in "
                            + "\(DataFileError.quoted(part)), which the index names",
                        advice: "download or save all parts again")
                }
                state[name] = Tensor(memory, entry.range, shape: entry.shape, dtype: entry.dtype)
            }
        }
        return state
    }

    /// Whether `name` can only be a file beside the index.
    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".." && !name.contains { "/\\\0".contains($0) }
    }
}
