import AdjointCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Writes a file as a whole or not at all: under a temporary name in the same folder, flushed to
/// the disk, then renamed over what there was.
enum FileWriter {
    /// `body` hands over the content piece by piece.
    static func write(
        to path: String, _ body: (FileSink) throws(DataFileError) -> Void
    ) throws(DataFileError) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        if name.isEmpty {
            throw DataFileError(
                path: path, problem: "the path names no file", advice: "end it with a file's name")
        }
        var template = Array("\(folder).\(name.prefix(200)).XXXXXX\0".utf8CString.dropLast())
        let descriptor = template.withUnsafeMutableBufferPointer { mkstemp($0.baseAddress!) }
        guard descriptor >= 0 else { throw failure(path, "cannot be created", errno) }
        let temporary = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        do throws(DataFileError) {
            let sink = FileSink(descriptor, path)
            try body(sink)
            if let failure = sink.failure { throw failure }
            // mkstemp makes files for the owner alone; a new file has the usual permissions.
            let mask = umask(0)
            umask(mask)
            fchmod(descriptor, existingMode(path) ?? (0o666 & ~mask))
            if fsync(descriptor) != 0 { throw failure(path, "cannot be written", errno) }
            if close(descriptor) != 0 {
                throw failure(path, "cannot be written", errno, closed: true)
            }
            if rename(temporary, path) != 0 {
                throw failure(path, "cannot be replaced", errno)
            }
        } catch {
            close(descriptor)
            unlink(temporary)
            throw error
        }
        flush(folder: folder.isEmpty ? "." : folder)
    }

    private static func existingMode(_ path: String) -> mode_t? {
        var information = stat()
        return stat(path, &information) == 0 ? information.st_mode & 0o777 : nil
    }

    /// The rename itself lasts only when the folder is on the disk too.
    private static func flush(folder: String) {
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
        if descriptor >= 0 {
            fsync(descriptor)
            close(descriptor)
        }
    }

    fileprivate static func failure(
        _ path: String, _ what: String, _ code: CInt, closed: Bool = false
    ) -> DataFileError {
        let advice =
            switch code {
            case ENOENT, ENOTDIR: "make its folder first"
            case EACCES, EROFS, EPERM: "choose a folder that you may write to"
            case ENOSPC: "free some space on the disk"
            case EISDIR: "there is a folder of this name: choose another"
            default: "check the path"
            }
        return DataFileError(
            path: path, problem: "the file \(what) (\(String(cString: strerror(code))))",
            advice: advice)
    }
}

/// Where the content of a file goes. The first failure is kept, and what follows it dropped.
final class FileSink {
    private let descriptor: CInt
    private let path: String
    /// How many bytes went in.
    private(set) var count = 0
    private(set) var failure: DataFileError?

    fileprivate init(_ descriptor: CInt, _ path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    func put(_ bytes: UnsafeRawBufferPointer) {
        guard failure == nil else { return }
        if let code = writeAll(bytes, to: descriptor) {
            failure = FileWriter.failure(path, "cannot be written", code)
        }
        count += bytes.count
    }

    func put(_ bytes: [UInt8]) { bytes.withUnsafeBytes { put($0) } }

    /// The elements of `tensor`, row-major, which messages call `name`.
    func put(_ tensor: Tensor, named name: String) {
        guard failure == nil, tensor.numel > 0 else { return }
        var isWritten = false
        tensor.withRawBytes {
            put($0)
            isWritten = true
        }
        if !isWritten {
            failure = DataFileError(
                path: path, problem: "tensor \(DataFileError.quoted(name)) has no data",
                advice: "save tensors that an operation has not failed to make")
        }
    }
}

/// Writes all of `bytes`; the error's code where that fails. Outside `FileWriter`, whose own
/// `write` would hide the system's.
private func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) -> CInt? {
    var done = 0
    while done < bytes.count {
        let count = write(descriptor, bytes.baseAddress! + done, min(bytes.count - done, 1 << 30))
        if count < 0 {
            if errno == EINTR { continue }
            return errno
        }
        done += count
    }
    return nil
}
