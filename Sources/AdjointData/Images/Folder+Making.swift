#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension Folder {
    /// Makes the folder at `path`, and those around it, where they are missing.
    package static func make(_ path: String) throws(DataFileError) {
        // What is there already, or cannot be made, is seen in the end.
        var end = path.startIndex
        while end < path.endIndex {
            end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
            mkdir(String(path[..<end]), 0o777)
        }
        var status = stat()
        if stat(path, &status) != 0 || status.st_mode & S_IFMT != S_IFDIR {
            throw DataFileError(
                path: path, problem: "the folder is not there and cannot be made",
                advice: "name a folder that can be written to")
        }
    }
}
