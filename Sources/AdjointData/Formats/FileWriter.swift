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
        let staged = try stage(for: path, body)
        do throws(DataFileError) {
            try staged.commit()
        } catch {
            staged.discard()
            throw error
        }
        flush(folder(of: path))
    }

    /// A file that is on the disk, under a temporary name.
    struct Staged {
        let path: String
        fileprivate let temporary: String

        /// Gives the file its name; what had it is gone.
        func commit() throws(DataFileError) {
            if rename(temporary, path) != 0 { throw failure(path, "cannot be replaced", errno) }
        }

        func discard() { unlink(temporary) }
    }

    /// Writes a file under a temporary name in the folder of `path`.
    static func stage(
        for path: String, _ body: (FileSink) throws(DataFileError) -> Void
    ) throws(DataFileError) -> Staged {
        let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        if name.isEmpty {
            throw DataFileError(
                path: path, problem: "the path names no file", advice: "end it with a file's name")
        }
        var template = Array(
            "\(folder(of: path)).\(name.prefix(200)).XXXXXX\0".utf8CString.dropLast())
        let descriptor = template.withUnsafeMutableBufferPointer { mkstemp($0.baseAddress!) }
        guard descriptor >= 0 else { throw failure(path, "cannot be created", errno) }
        let temporary = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var isOpen = true
        do throws(DataFileError) {
            let sink = FileSink(descriptor, path)
            try body(sink)
            if let failure = sink.failure { throw failure }
            // mkstemp makes files for the owner alone; a new file has the usual permissions.
            let mask = umask(0)
            umask(mask)
            fchmod(descriptor, existingMode(path) ?? (0o666 & ~mask))
            if fsync(descriptor) != 0 { throw failure(path, "cannot be written", errno) }
            isOpen = false
            if close(descriptor) != 0 { throw failure(path, "cannot be written", errno) }
        } catch {
            if isOpen { close(descriptor) }
            unlink(temporary)
            throw error
        }
        return Staged(path: path, temporary: temporary)
    }

    /// The folder that `path` lies in, with its slash; empty for the working directory.
    static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }

    private static func existingMode(_ path: String) -> mode_t? {
        var information = stat()
        return stat(path, &information) == 0 ? information.st_mode & 0o777 : nil
    }

    /// The rename itself lasts only when the folder is on the disk too.
    static func flush(_ folder: String) {
        let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_CLOEXEC)
        if descriptor >= 0 {
            fsync(descriptor)
            close(descriptor)
        }
    }

    static func failure(_ path: String, _ what: String, _ code: CInt) -> DataFileError {
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
    func put(_ tensor: Tensor, named name: String, isBigEndian: Bool = false) {
        guard failure == nil, tensor.numel > 0 else { return }
        var isWritten = false
        tensor.withRawBytes {
            if isBigEndian { putSwapped($0, tensor.dtype.itemSize) } else { put($0) }
            isWritten = true
        }
        if !isWritten {
            failure = DataFileError(
                path: path, problem: "tensor \(DataFileError.quoted(name)) has no data",
                advice: "save tensors that an operation has not failed to make")
        }
    }
}

extension FileSink {
    /// Elements of `width` bytes, the most significant first.
    fileprivate func putSwapped(_ bytes: UnsafeRawBufferPointer, _ width: Int) {
        let piece = 1 << 16
        for start in stride(from: 0, to: bytes.count, by: piece) {
            var part = Array(bytes[start..<min(start + piece, bytes.count)])
            for i in stride(from: 0, to: part.count, by: width) {
                part[i..<(i + width)].reverse()
            }
            put(part)
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
