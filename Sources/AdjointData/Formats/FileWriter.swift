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
///
/// A process that is ended while it writes leaves its temporary file, which the next write of the
/// same name takes over; see `TemporaryFile`.
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

    /// A file that is on the disk, under a temporary name. It ends by `commit` or `discard`.
    struct Staged {
        let path: String
        fileprivate let temporary: TemporaryFile

        /// By which parts of this file know it.
        var slot: String { temporary.slot }

        /// Gives the file its name; what had it is gone.
        func commit() throws(DataFileError) {
            if rename(temporary.path, path) != 0 {
                throw failure(path, "cannot be replaced", errno)
            }
            temporary.close()
        }

        func discard() { temporary.remove() }

        var temporaryPath: String { temporary.path }

        private var secondName: String { temporary.path + "-name" }

        /// Gives the file a second temporary name, which can be renamed while the first one stays.
        func makeSecondName() -> Bool {
            unlink(secondName)
            return link(temporary.path, secondName) == 0
        }

        func removeSecondName() { unlink(secondName) }

        /// Gives the second name's file the final one.
        func commitSecondName() throws(DataFileError) {
            if rename(secondName, path) != 0 { throw failure(path, "cannot be replaced", errno) }
        }
    }

    /// Writes a file under a temporary name in the folder of `path`.
    ///
    /// - Parameter parts: Those that this file is one of; it is closed, and has no lock.
    static func stage(
        for path: String, ofParts parts: TemporaryParts? = nil,
        _ body: (FileSink) throws(DataFileError) -> Void
    ) throws(DataFileError) -> Staged {
        let folder = folder(of: path)
        let name = String(decoding: path.utf8.dropFirst(folder.utf8.count), as: UTF8.self)
        if name.isEmpty {
            throw DataFileError(
                path: path, problem: "the path names no file", advice: "end it with a file's name")
        }
        let temporary =
            if let parts {
                TemporaryFile(for: name, in: folder, of: parts)
            } else { TemporaryFile(for: name, in: folder) }
        guard let temporary else { throw failure(path, "cannot be created", errno) }
        do throws(DataFileError) {
            let sink = FileSink(temporary.descriptor, path)
            try body(sink)
            if let failure = sink.failure { throw failure }
            // A new file has the usual permissions, and not those of a temporary one.
            let mask = umask(0)
            umask(mask)
            fchmod(temporary.descriptor, existingMode(path) ?? (0o666 & ~mask))
            if fsync(temporary.descriptor) != 0 { throw failure(path, "cannot be written", errno) }
            if parts != nil { temporary.close() }
        } catch {
            temporary.remove()
            throw error
        }
        return Staged(path: path, temporary: temporary)
    }

    /// The folder that `path` lies in, with its slash; empty for the working directory.
    static func folder(of path: String) -> String {
        // By bytes: an accent after the slash makes another character of it.
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? ""
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
            case ENOSPC, EDQUOT: "free some space on the disk"
            case EFBIG: "raise the limit on the size of files (ulimit -f), or divide the file"
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
