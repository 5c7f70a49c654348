#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file that is being written, beside the one whose place it will take, under a name that says
/// so: `.NAME.adjoint-0`, or with a higher number where another writer has that one.
///
/// A writer holds a lock on its file. A process that is ended loses its locks, so that what it left
/// is known for what it is, and the next writer of the same name writes over it: no more files are
/// left than there were writers at once, and nobody looks through folders for them.
final class TemporaryFile {
    let path: String
    let descriptor: CInt
    /// The number in the name.
    let slot: String
    private var isOpen = true

    /// A file for `name` in `folder`; nil, with `errno`, where none can be made.
    init?(for name: String, in folder: String) {
        var number = 0
        while number < Self.mostWriters {
            let path = "\(folder).\(Self.short(name)).adjoint-\(number)"
            switch Self.take(path) {
            case .taken(let descriptor):
                (self.path, self.descriptor, slot) = (path, descriptor, "\(number)")
                return
            case .moved: continue
            case .busy: number += 1
            case .withoutLocks:
                guard let (path, descriptor) = Self.makeOwn(name, folder) else { return nil }
                (self.path, self.descriptor, slot) = (path, descriptor, "\(getpid())")
                return
            case .failed: return nil
            }
        }
        errno = EBUSY
        return nil
    }

    /// A file for one of `parts`.
    init?(for name: String, in folder: String, of parts: TemporaryParts) {
        path = "\(folder).\(Self.short(name))\(parts.mark)"
        slot = parts.slot
        unlink(path)
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor < 0 { return nil }
    }

    /// Closes the file, and gives up the lock.
    func close() {
        if isOpen { closeDescriptor(descriptor) }
        isOpen = false
    }

    func remove() {
        unlink(path)
        close()
    }

    deinit { close() }

    private static let mostWriters = 1000

    private enum Attempt {
        case taken(CInt)
        /// Another living writer has it, or it is not ours to write to.
        case busy
        /// It got its final name meanwhile.
        case moved
        /// The file system has no locks.
        case withoutLocks
        /// `errno` says why.
        case failed
    }

    private static func take(_ path: String) -> Attempt {
        let descriptor = open(
            path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else {
            return errno == ELOOP || errno == EISDIR || isThere(path) ? .busy : .failed
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            closeDescriptor(descriptor)
            return code == EWOULDBLOCK ? .busy : .withoutLocks
        }
        // Between its opening and the lock, whoever wrote it may have renamed it. A file of
        // somebody else, or with a second name, is not written to.
        var (own, named) = (stat(), stat())
        guard fstat(descriptor, &own) == 0, lstat(path, &named) == 0, own.st_ino == named.st_ino,
            own.st_dev == named.st_dev
        else {
            closeDescriptor(descriptor)
            return .moved
        }
        guard own.st_mode & S_IFMT == S_IFREG, own.st_uid == geteuid(), own.st_nlink == 1 else {
            closeDescriptor(descriptor)
            return .busy
        }
        if ftruncate(descriptor, 0) != 0 {
            let code = errno
            closeDescriptor(descriptor)
            errno = code
            return .failed
        }
        return .taken(descriptor)
    }

    /// A file that bears the number of this process, for want of locks.
    private static func makeOwn(_ name: String, _ folder: String) -> (String, CInt)? {
        var template = Array("\(folder).\(short(name)).adjoint-\(getpid())-XXXXXX".utf8CString)
        let descriptor = template.withUnsafeMutableBufferPointer { mkstemp($0.baseAddress!) }
        guard descriptor >= 0 else { return nil }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        return (path, descriptor)
    }

    private static func isThere(_ path: String) -> Bool {
        let code = errno
        defer { errno = code }
        var information = stat()
        return lstat(path, &information) == 0
    }

    /// `name`, cut so that there is room for the rest in the 255 bytes that a name may have.
    private static func short(_ name: String) -> String {
        var shown = name[...]
        while shown.utf8.count > 200 { shown.removeLast() }
        return String(shown)
    }
}

/// The temporary files of a model's parts: `.STEM-00001-of-00003.safetensors.adjoint-part-0-a`.
/// Whoever makes them holds the lock of the index's temporary file, by the number of which they are
/// his alone. There may be more parts than a process may have open, so that they have no locks.
struct TemporaryParts {
    let slot: String
    private let stem: String
    private let folder: String
    /// How their names end.
    let mark: String

    /// Removes what an ended writer left, but nothing of `named`, to which an index may lead.
    init(stem: String, folder: String, slot: String, keeping named: Set<String>) {
        (self.stem, self.folder, self.slot) = (stem, folder, slot)
        let first = ".adjoint-part-\(slot)-a"
        mark =
            named.contains { $0.hasSuffix(first) } ? ".adjoint-part-\(slot)-b" : first
        remove(keeping: named)
    }

    func remove(keeping named: Set<String>) {
        guard let directory = opendir(folder.isEmpty ? "." : folder) else { return }
        defer { closedir(directory) }
        while let item = readdir(directory) {
            let name = withUnsafePointer(to: &item.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let ends = ["-a", "-b", "-a-name", "-b-name"].map { ".adjoint-part-\(slot)" + $0 }
            if name.hasPrefix(".\(stem)-"), ends.contains(where: name.hasSuffix),
                !named.contains(name)
            {
                unlink(folder + name)
            }
        }
    }
}

/// The system's `close`, by another name than that of the method above.
private func closeDescriptor(_ descriptor: CInt) { _ = close(descriptor) }
