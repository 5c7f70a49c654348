import AdjointCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The content of a file, or a part of it that had to be unpacked, as memory that tensors can lie
/// in. What is written to it stays in this process.
final class FileMemory: @unchecked Sendable {
    let memory: UnsafeMutableRawPointer
    let count: Int
    private let isMapped: Bool

    /// Maps the file at `path`: pages are read when they are used. Throws where it cannot be
    /// opened, or is no regular file, and for an empty one unless that is allowed.
    init(_ path: String, allowsEmpty: Bool = false) throws(DataFileError) {
        func refusal(_ problem: String, _ advice: String = "check the path") -> DataFileError {
            DataFileError(path: path, problem: problem, advice: advice)
        }
        // Opening a pipe would wait for whoever writes to it, before it could be refused.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
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
        if count == 0 {
            guard allowsEmpty else { throw refusal("the file is empty", "save it again") }
            memory = .allocate(byteCount: 1, alignment: 64)
            isMapped = false
            return
        }
        let address = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, 0)
        guard let address, address != MAP_FAILED else {
            throw refusal("the file cannot be mapped (\(String(cString: strerror(errno))))")
        }
        memory = address
        isMapped = true
    }

    /// Memory for so many bytes, which hold anything, aligned for any element type.
    init(byteCount: Int) {
        count = byteCount
        memory = .allocate(byteCount: max(byteCount, 1), alignment: 64)
        isMapped = false
    }

    /// A copy of `bytes`, aligned for any element type.
    convenience init(copying bytes: UnsafeRawBufferPointer) {
        self.init(byteCount: bytes.count)
        if let base = bytes.baseAddress { memory.copyMemory(from: base, byteCount: count) }
    }

    deinit {
        if isMapped {
            MappedMemory.exclusively { _ = munmap(memory, count) }
        } else {
            memory.deallocate()
        }
    }

    /// The bytes of `range`, which must lie inside.
    subscript(range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: memory + range.lowerBound, count: range.count)
    }

    /// The little-endian integer at `offset`; nil where the file ends before it does.
    func integer<T: FixedWidthInteger>(_ type: T.Type, at offset: Int) -> T? {
        guard offset >= 0, offset <= count - MemoryLayout<T>.size else { return nil }
        return T(littleEndian: (memory + offset).loadUnaligned(as: T.self))
    }

    /// Whether the file holds exactly these bytes at `offset`.
    func holds(_ bytes: [UInt8], at offset: Int) -> Bool {
        offset >= 0 && offset <= count - bytes.count
            && self[offset..<(offset + bytes.count)].elementsEqual(bytes)
    }
}
