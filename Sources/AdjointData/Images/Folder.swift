#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The names in a folder, sorted by their bytes.
package enum Folder {
    /// A name, and whether it is a folder itself. Links count as what they lead to.
    struct Entry {
        let name: String
        let isFolder: Bool
        /// What the file system knows it by, under whatever name.
        let identity: [UInt64]
    }

    /// Hidden names, which begin with a dot, are left out.
    static func entries(_ path: String) throws(DataFileError) -> [Entry] {
        guard let folder = opendir(path) else {
            let code = errno
            throw DataFileError(
                path: path,
                problem: code == ENOENT
                    ? "there is no such folder"
                    : "the folder cannot be read (\(String(cString: strerror(code))))",
                advice: "check the path")
        }
        defer { closedir(folder) }
        var entries: [Entry] = []
        while let item = readdir(folder) {
            let name = withUnsafePointer(to: &item.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix(".") { continue }
            var information = stat()
            guard stat(path + "/" + name, &information) == 0 else { continue }
            entries.append(
                Entry(
                    name: name, isFolder: information.st_mode & S_IFMT == S_IFDIR,
                    identity: [
                        UInt64(truncatingIfNeeded: information.st_dev),
                        UInt64(truncatingIfNeeded: information.st_ino),
                    ]))
        }
        return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}
