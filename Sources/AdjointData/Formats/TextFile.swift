#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Files of text, and the folders that they lie in.
package enum TextFile {
    /// Writes `text` to the file at `path`; what was there is replaced as a whole, or stays.
    package static func write(_ text: String, to path: String) throws(DataFileError) {
        try FileWriter.write(to: path) { sink throws(DataFileError) in
            sink.put(Array(text.utf8))
        }
    }

    /// Makes the folder at `path`, and those around it, where they are missing.
    package static func makeFolder(_ path: String) throws(DataFileError) {
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
