import AdjointCore

/// The index of tensors that are divided among several files, `model.safetensors.index.json` (or
/// `pytorch_model.bin.index.json`): a JSON object whose `weight_map` says which file, in the same
/// folder, holds which tensor.
enum SafetensorsIndex {
    /// The most of an index that is read.
    private static let longest = 1 << 28

    /// How the name of an index ends.
    static let ending = ".safetensors.index.json"

    /// The tensors that the index in `file` names.
    static func state(_ file: FileMemory, path: String) throws(DataFileError) -> StateDict {
        let folder = FileWriter.folder(of: path)
        var state: StateDict = [:]
        for (part, names) in try parts(file, path: path).sorted(by: { $0.key < $1.key }) {
            let tensors = try self.part(folder + part)
            for name in names {
                guard let tensor = tensors[name] else {
                    throw DataFileError(
                        path: path,
                        problem: "tensor \(DataFileError.quoted(name)) is not in "
                            + "\(DataFileError.quoted(part)), which the index names",
                        advice: "download or save all parts again")
                }
                state[name] = tensor
            }
        }
        return state
    }

    /// What one of the files holds: safetensors, or what `torch.save` wrote.
    private static func part(_ path: String) throws(DataFileError) -> StateDict {
        let memory = try FileMemory(path)
        if ZipArchive.looksLikeZip(memory) {
            return try PyTorchArchive(ZipArchive(memory, path: path)).state()
        }
        var tensors: StateDict = [:]
        for entry in try SafetensorsHeader(memory, path: path).entries {
            tensors[entry.name] = Tensor(
                memory, entry.range, shape: entry.shape, dtype: entry.dtype)
        }
        return tensors
    }

    /// The files that an index names, each with the tensors in it.
    static func parts(
        _ file: FileMemory, path: String
    ) throws(DataFileError) -> [String: [String]] {
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
        return files
    }

    /// Whether `name` can only be a file beside the index.
    private static func isPlain(_ name: String) -> Bool {
        // By bytes: an accent after a slash makes another character of it, and the system sees both.
        !name.isEmpty && name != "." && name != ".."
            && !name.utf8.contains { [0, UInt8(ascii: "/"), UInt8(ascii: "\\")].contains($0) }
    }
}
