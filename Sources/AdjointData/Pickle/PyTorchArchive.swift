import AdjointCore

/// A file that `torch.save` wrote: a zip archive with a pickle, `data.pkl`, and the storages that it
/// names, `data/0` and so on.
struct PyTorchArchive {
    private let archive: ZipArchive
    /// The folder in the archive that everything lies in, with its slash.
    private let folder: String
    private let pickle: ZipArchive.Entry
    private let isBigEndian: Bool

    /// Elements that a view may repeat beyond those that its storage has.
    private static let mostRepeated = 1 << 26
    private static let longestPickle = 1 << 28

    /// Whether `archive` is such a file.
    static func isOne(_ archive: ZipArchive) -> Bool {
        archive.entries.contains { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") }
    }

    init(_ archive: ZipArchive) throws(DataFileError) {
        self.archive = archive
        guard
            let pickle = archive.entries.first(where: {
                $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl")
            })
        else {
            throw DataFileError(
                path: archive.path,
                problem: "the archive holds neither PyTorch's data.pkl nor "
                    + "NumPy's arrays", advice: "name a file that torch.save or numpy.savez wrote")
        }
        let folder = String(pickle.name.dropLast("data.pkl".count))
        if archive[folder + "constants.pkl"] != nil {
            throw DataFileError(
                path: archive.path, problem: "this is a TorchScript program, not a state dict",
                advice: "save its tensors: torch.save(model.state_dict(), path)")
        }
        guard pickle.size <= Self.longestPickle else {
            throw .damaged(archive.path, "the pickle would have \(pickle.size) bytes")
        }
        self.folder = folder
        self.pickle = pickle
        isBigEndian = try Self.isBigEndian(archive, archive[folder + "byteorder"])
    }

    /// Files from before PyTorch 2.1 do not state their order of bytes, and are little-endian.
    private static func isBigEndian(
        _ archive: ZipArchive, _ entry: ZipArchive.Entry?
    ) throws(DataFileError) -> Bool {
        guard let entry else { return false }
        let (memory, range) = try archive.content(of: entry, isChecked: false)
        switch String(validating: memory[range].prefix(16), as: UTF8.self) {
        case "little": return false
        case "big": return true
        default:
            throw .damaged(archive.path, "the order of bytes is neither little nor big")
        }
    }

    /// All tensors, and the numbers beside them, by name.
    func state() throws(DataFileError) -> StateDict {
        // Storages may lack a true checksum: PyTorch can be told not to compute any.
        let (memory, range) = try archive.content(of: pickle, isChecked: false)
        var machine = PickleMachine(memory[range])
        let leaves: [(name: String, leaf: PickleMachine.Leaf)]
        do throws(PickleMachine.Failure) {
            let root = try machine.run()
            leaves = try machine.leaves(of: root)
        } catch {
            guard let advice = error.advice else { throw .damaged(archive.path, error.problem) }
            throw DataFileError(path: archive.path, problem: error.problem, advice: advice)
        }
        var storages: [PickleStorage: [DType: Tensor]] = [:]
        var state: StateDict = [:]
        for (name, leaf) in leaves {
            let value: Tensor
            switch leaf {
            case .bool(let flag): value = Tensor(flag)
            case .int(let number): value = Tensor(number, dtype: .int64)
            case .float(let number): value = Tensor(number, dtype: .float64)
            case .tensor(let index):
                let tensor = machine.tensors[index]
                let storage = machine.storages[tensor.storage]
                var base = storages[storage]?[tensor.dtype]
                if base == nil { base = try read(storage, as: tensor.dtype) }
                storages[storage, default: [:]][tensor.dtype] = base
                value = try view(tensor, of: base ?? .zeros(0), name)
            }
            if state.updateValue(value, forKey: name) != nil {
                throw DataFileError(
                    path: archive.path,
                    problem: "two values would be called \(DataFileError.quoted(name))",
                    advice: "rename one of them, or save them apart")
            }
        }
        return state
    }

    /// The whole of a storage, flat.
    private func read(_ storage: PickleStorage, as dtype: DType) throws(DataFileError) -> Tensor {
        let shown = "storage \(DataFileError.quoted(storage.key))"
        guard let entry = archive[folder + "data/" + storage.key] else {
            throw .damaged(archive.path, "\(shown) is not in the archive")
        }
        let width = storage.dtype?.itemSize ?? 1
        let (size, overflow) = storage.count.multipliedReportingOverflow(by: width)
        guard !overflow, size == entry.size, size % dtype.itemSize == 0 else {
            throw .damaged(
                archive.path,
                "\(shown) of \(storage.count) elements of \(width) bytes has "
                    + "\(entry.size) bytes")
        }
        let (memory, range) = try archive.content(of: entry, isChecked: false)
        return Tensor(
            memory, range, shape: [size / dtype.itemSize], dtype: dtype, isBigEndian: isBigEndian)
    }

    /// A tensor as a part of its storage, which others may share.
    private func view(
        _ tensor: PickleTensor, of base: Tensor, _ name: String
    ) throws(DataFileError) -> Tensor {
        let shown = "tensor \(DataFileError.quoted(name))"
        guard tensor.shape.count == tensor.strides.count else {
            throw .damaged(archive.path, "\(shown) has \(tensor.strides.count) strides")
        }
        let count =
            try byteCount(tensor.shape, tensor.dtype, path: archive.path, what: shown)
            / tensor.dtype.itemSize
        if count == 0 { return Tensor.zeros(tensor.shape, dtype: tensor.dtype) }
        // The place of the last element.
        var last = tensor.offset
        for (size, stride) in zip(tensor.shape, tensor.strides) {
            let (step, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
            let (sum, carry) = last.addingReportingOverflow(step)
            last = overflow || carry ? .max : sum
        }
        guard tensor.offset >= 0, last < base.numel else {
            throw .damaged(
                archive.path,
                "\(shown) of shape \(tensor.shape) with strides \(tensor.strides) "
                    + "lies outside its storage of \(base.numel) elements")
        }
        guard count <= max(base.numel, Self.mostRepeated) else {
            throw .damaged(
                archive.path, "\(shown) repeats \(base.numel) elements to \(count)")
        }
        return noGrad {
            base.asStrided(tensor.shape, tensor.strides, storageOffset: tensor.offset).detach()
        }
    }
}
