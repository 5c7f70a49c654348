import AdjointCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file seen as memory. Pages are read when they are used; what is written to them stays in
/// this process.
final class MappedFile: @unchecked Sendable {
    let memory: UnsafeMutableRawPointer
    let count: Int

    /// Maps the file at `path`. Throws where it cannot be opened, or is no regular file.
    init(_ path: String) throws(DataFileError) {
        func refusal(_ problem: String, _ advice: String = "check the path") -> DataFileError {
            DataFileError(path: path, problem: problem, advice: advice)
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            switch errno {
            case ENOENT: throw refusal("there is no such file")
            case EACCES: throw refusal("the file may not be read", "check its permissions")
            default:
                throw refusal("the file cannot be read (\(String(cString: strerror(errno))))")
            }
        }
        defer { close(descriptor) }
        var information = stat()
        guard fstat(descriptor, &information) == 0 else {
            throw refusal("the file cannot be read (\(String(cString: strerror(errno))))")
        }
        guard information.st_mode & S_IFMT == S_IFREG else {
            throw refusal(
                information.st_mode & S_IFMT == S_IFDIR
                    ? "this is a folder where a file was expected" : "this is no regular file",
                "name a file")
        }
        count = Int(information.st_size)
        guard count > 0 else { throw refusal("the file is empty", "save it again") }
        let address = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, 0)
        guard let address, address != MAP_FAILED else {
            throw refusal("the file cannot be mapped (\(String(cString: strerror(errno))))")
        }
        memory = address
    }

    deinit { MappedMemory.exclusively { _ = munmap(memory, count) } }

    /// The bytes of `range`, which must lie inside.
    subscript(range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: memory + range.lowerBound, count: range.count)
    }
}
