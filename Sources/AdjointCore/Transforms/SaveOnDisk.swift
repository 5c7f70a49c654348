#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Runs `body`; what its operations save for the derivatives is written to files in `folder`, and
/// read back by the backward pass. Each file is removed with the graph that needs it.
///
/// - Parameters:
///   - folder: Where to write; made if it is missing. Its parent must exist.
///   - minimumBytes: Smaller tensors stay in memory.
///   - body: What runs inside the scope.
/// - Errors: throws a `TensorError` of kind `.argument` where the folder cannot be written to;
///   the same is raised by the operation whose tensor cannot be written or read later.
public func saveOnDisk<R>(_ folder: String, minimumBytes: Int = 4096, _ body: () throws -> R)
    throws -> R
{
    try SavedFile.prepare(folder)
    return try savedTensorsHooks(
        pack: { SavedFile.pack($0, folder, minimumBytes) }, unpack: SavedFile.unpack, body)
}

/// The asynchronous form.
public func saveOnDisk<R>(
    _ folder: String, minimumBytes: Int = 4096, isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> R
) async throws -> R {
    try SavedFile.prepare(folder)
    return try await savedTensorsHooks(
        pack: { SavedFile.pack($0, folder, minimumBytes) }, unpack: SavedFile.unpack,
        isolation: isolation, body)
}

/// The elements of one tensor in a file, which lives as long as this.
private final class SavedFile: Sendable {
    enum Packed: Sendable {
        case kept(Tensor)
        case file(SavedFile)
    }

    private let path: String
    private let sizes: Dims
    private let dtype: DType

    private init(_ path: String, _ tensor: Tensor) {
        self.path = path
        sizes = tensor.sizes
        dtype = tensor.dtype
    }

    deinit { unlink(path) }

    /// Makes the folder, and proves that it takes a file.
    static func prepare(_ folder: String) throws(TensorError) {
        if mkdir(folder, 0o700) != 0, errno != EEXIST { throw failure("make", folder) }
        let (descriptor, path) = create(folder)
        if descriptor < 0 { throw failure("write to", folder) }
        close(descriptor)
        unlink(path)
    }

    static func pack(_ tensor: Tensor, _ folder: String, _ minimumBytes: Int) -> Packed {
        let (bytes, overflow) = tensor.numel.multipliedReportingOverflow(by: tensor.dtype.itemSize)
        if bytes < minimumBytes || tensor.storage.memory == nil { return .kept(tensor) }
        // What repeats its elements takes less memory than it would take of the disk.
        if overflow || bytes > tensor.storage.byteCount { return .kept(tensor) }
        let (descriptor, path) = create(folder)
        if descriptor < 0 {
            Failure.raise(failure("write to", folder))
            return .kept(tensor)
        }
        defer { close(descriptor) }
        let file = SavedFile(path, tensor)
        let dense: Block
        do throws(TensorError) {
            dense = try CPU.dense(tensor, tensor.dtype)
        } catch {
            Failure.raise(error)
            return .kept(tensor)
        }
        return withExtendedLifetime(dense) {
            if transfer(bytes, { write(descriptor, dense.pointer! + $0, $1) }) {
                return .file(file)
            }
            Failure.raise(failure("write", path))
            return .kept(tensor)
        }
    }

    static func unpack(_ packed: Packed) -> Tensor {
        switch packed {
        case .kept(let tensor): return tensor
        case .file(let file): return file.tensor()
        }
    }

    private func tensor() -> Tensor {
        if let error = Door.lackOfRoom(sizes, dtype, .cpu) {
            return Failure.poison(error, like: sizes, dtype)
        }
        let tensor = Tensor(empty: sizes, dtype)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        let pointer = tensor.pointer!
        if descriptor >= 0,
            SavedFile.transfer(tensor.storage.byteCount, { read(descriptor, pointer + $0, $1) })
        {
            return tensor
        }
        return Failure.poison(SavedFile.failure("read", path), like: sizes, dtype)
    }

    /// Calls `step` until all bytes have gone. False after an error, or where they end early.
    private static func transfer(_ bytes: Int, _ step: (Int, Int) -> Int) -> Bool {
        var done = 0
        while done < bytes {
            let count = step(done, Swift.min(bytes - done, 1 << 30))
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return false }
            done += count
        }
        return true
    }

    private static func create(_ folder: String) -> (descriptor: CInt, path: String) {
        var template = Array("\(folder)/saved.XXXXXX".utf8CString)
        let descriptor = template.withUnsafeMutableBufferPointer { mkstemp($0.baseAddress!) }
        return (
            descriptor,
            String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        )
    }

    private static func failure(_ what: String, _ path: String) -> TensorError {
        TensorError(
            .argument,
            "cannot \(what) \(path): \(String(cString: strerror(errno))); choose a folder on a disk "
                + "with room that you may write to", operation: "saveOnDisk")
    }
}
