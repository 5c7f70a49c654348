public import AdjointCore

/// The formats of files that hold tensors, as a file's content tells them.
public enum TensorFileFormat: String, Sendable, CaseIterable {
    /// Named tensors, as Hugging Face's library writes them.
    case safetensors
    /// The index of tensors that are divided among several safetensors files.
    case safetensorsIndex = "safetensors index"
    /// What `torch.save` writes.
    case pyTorch = "PyTorch"
    /// One array of NumPy's, `.npy`.
    case numpy = "NumPy array"
    /// Several arrays of NumPy's by name, `.npz`.
    case numpyArchive = "NumPy archive"
    /// MNIST's format, plain or packed with gzip.
    case idx = "IDX"
    /// A table of numbers as text, plain or packed with gzip.
    case csv = "CSV"
    /// An image in PNG.
    case png = "PNG"
    /// An image in JPEG.
    case jpeg = "JPEG"

    /// The format of the file at `path`, whatever its name says. A file without the marks of any
    /// other is taken for safetensors.
    ///
    /// - Throws: `DataFileError` where the file cannot be read, or is an archive of another kind.
    public init(ofFileAt path: String) throws { self = try .init(FileMemory(path), path: path) }

    init(_ file: FileMemory, path: String) throws(DataFileError) {
        if ZipArchive.looksLikeZip(file) {
            let archive = try ZipArchive(file, path: path)
            let isNumpy = archive.entries.allSatisfy { $0.name.hasSuffix(".npy") }
            self = isNumpy && !PyTorchArchive.isOne(archive) ? .numpyArchive : .pyTorch
        } else if file.holds(NumpyHeader.magic, at: 0) {
            self = .numpy
        } else if file.holds([0x1F, 0x8B], at: 0) {
            let packed = Array(file[0..<file.count])
            let start = try Inflate.gzip(packed, atMost: 4, path: path)
            self = start.starts(with: [0, 0]) ? .idx : .csv
        } else if Self.looksLikeIDX(file) {
            self = .idx
        } else if file.holds(PNGHeader.signature, at: 0) {
            self = .png
        } else if file.holds(JPEG.signature, at: 0) {
            self = .jpeg
        } else if file.holds([UInt8(ascii: "{")], at: 0), !file.holds([0], at: 7) {
            // A header's length of 8 bytes begins like this too, but ends with zeros.
            self = .safetensorsIndex
        } else if let problem = Self.oldPyTorch(file) {
            throw DataFileError(
                path: path, problem: problem,
                advice: "load it in PyTorch 1.6 or newer, and save it again with torch.save")
        } else {
            self = Self.looksLikeText(file) ? .csv : .safetensors
        }
    }

    /// No control characters but tabs and line ends at the beginning, which a header's length of
    /// safetensors is full of.
    private static func looksLikeText(_ file: FileMemory) -> Bool {
        file[0..<min(file.count, 4096)].allSatisfy {
            $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D
        }
    }

    /// Two zero bytes, a type and 1 to 4 dimensions; that might be the length of a large header too,
    /// but then the header follows.
    private static func looksLikeIDX(_ file: FileMemory) -> Bool {
        guard file.count >= 8, file.holds([0, 0], at: 0), !file.holds([0x7B], at: 8) else {
            return false
        }
        let (type, rank) = (file[2..<4][0], file[2..<4][1])
        return IDXHeader.ElementType(rawValue: type) != nil && (1...4).contains(rank)
    }

    /// What PyTorch wrote before it wrote archives: pickles one after another, the first of them a
    /// magic number; and before that, a tape archive.
    private static func oldPyTorch(_ file: FileMemory) -> String? {
        let magic: [UInt8] = [
            0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
        ]
        if file.holds(magic, at: 2) {
            return "this is PyTorch's format from before version 1.6, which is not read"
        }
        if file.holds(Array("ustar".utf8), at: 257) {
            return "this is a tape archive, as PyTorch's first versions wrote, which is not read"
        }
        return nil
    }
}

/// Reads tensors by name, in the dtypes that the file states. The file's content tells its format:
///
/// - safetensors, also divided among several files, by their index
///   (`model.safetensors.index.json`);
/// - PyTorch's `.pt` as `torch.save` writes it since version 1.6. Nothing in it is executed. The
///   names of nested dictionaries, and positions in lists, are joined with dots
///   (`model.0.weight`); numbers become tensors without dimensions of int64, float64 or bool; text
///   and None are left out. Tensors that share a storage there share it here.
/// - NumPy's `.npz`; its `.npy` and MNIST's IDX, whose one tensor is called "tensor";
/// - tables of numbers in CSV, [rows, columns] of float64, and images, uint8 [channels, height,
///   width], which are called "tensor" too.
///
/// Safetensors and uncompressed archives are mapped into memory, and their pages are read as they
/// are used.
///
/// - Throws: `DataFileError` where the file cannot be read, is damaged, or is of another format.
public func load(from path: String) throws -> StateDict {
    try state(FileMemory(path), path: path)
}

/// The tensors in `file`, which messages call `path`.
func state(_ file: FileMemory, path: String) throws(DataFileError) -> StateDict {
    switch try TensorFileFormat(file, path: path) {
    case .safetensors:
        var state: StateDict = [:]
        for entry in try SafetensorsHeader(file, path: path).entries {
            state[entry.name] = Tensor(file, entry.range, shape: entry.shape, dtype: entry.dtype)
        }
        return state
    case .safetensorsIndex: return try SafetensorsIndex.state(file, path: path)
    case .pyTorch: return try PyTorchArchive(ZipArchive(file, path: path)).state()
    case .numpy: return ["tensor": try readNumpy(file, path: path)]
    case .numpyArchive: return try readNumpyArchive(ZipArchive(file, path: path))
    case .idx:
        return ["tensor": Tensor(try IDXArray(packed: Array(file[0..<file.count]), path: path))]
    case .csv:
        let table = try CSVTable(packed: Array(file[0..<file.count]), path: path)
        guard table.rowCount > 0 else {
            throw DataFileError(
                path: path, problem: "this is text, with no row of numbers in it",
                advice: "name a file of tensors, or a table of numbers")
        }
        return ["tensor": Tensor(table.values, shape: [table.rowCount, table.columns.count])]
    case .png, .jpeg:
        return ["tensor": try image(file[0..<file.count], mode: .unchanged, path: path)]
    }
}

/// The texts by name that go with the tensors of a safetensors file; what `save` was given, and
/// `format`.
///
/// - Throws: `DataFileError` where the file cannot be read, or is no safetensors file.
public func loadMetadata(from path: String) throws -> [String: String] {
    try SafetensorsHeader(FileMemory(path), path: path).metadata
}
