import Adjoint
import AdjointFuzzing
import CFuzz
import Foundation

/// Saves where there is no room or no permission: an error says so, and what was there stays.
struct LimitRun {
    let options: Options

    init(_ options: Options) { self.options = options }

    /// How many times something was not as it should be.
    func callAsFunction() throws -> Int {
        let folder = try options.folder ?? FuzzFile.makeFolder()
        defer { if options.folder == nil { try? FileManager.default.removeItem(atPath: folder) } }
        var failures: [String] = []
        for format in SaveFormat.all {
            let place = "\(folder)/\(format.name)"
            do {
                try FileManager.default.createDirectory(
                    atPath: place, withIntermediateDirectories: true)
                if options.folder == nil {
                    try limitFileSize(format, place)
                } else {
                    try fillDisk(format, place)
                }
                try refuseFolder(format, place)
            } catch {
                failures.append("\(error)")
            }
            try? FileManager.default.removeItem(atPath: place)
        }
        for failure in failures { print(failure) }
        let what = options.folder == nil ? "a limit on the size of files" : "a full disk"
        print(
            "limits: \(SaveFormat.all.count) formats, \(what) and folders that take no files: "
                + "\(failures.count) failed")
        return failures.count
    }

    /// No file may grow beyond a limit: as on a full disk, the system refuses to write on.
    private func limitFileSize(_ format: SaveFormat, _ folder: String) throws {
        defer { limit_file_size(-1) }
        try format.save(format.version(1, isSmall: true), folder + "/" + format.file)
        for bytes in [0, 1, 63, 300, 4096, 30_000] {
            limit_file_size(bytes)
            try expectRefusal(format, folder, "at \(bytes) bytes", says: "File too large")
            limit_file_size(-1)
        }
        try expectSave(format, folder)
    }

    /// The folder lies on a disk that is too small for a large version.
    private func fillDisk(_ format: SaveFormat, _ folder: String) throws {
        try format.save(format.version(1, isSmall: true), folder + "/" + format.file)
        let filler = folder + "/../filler"
        var bytes = 64 << 20
        try FuzzFile.write([], to: filler)
        // As much as there is room for, then less and less.
        let handle = FileHandle(forWritingAtPath: filler)!
        while bytes > 0 {
            do { try handle.write(contentsOf: Data(count: bytes)) } catch { bytes /= 2 }
        }
        try expectRefusal(format, folder, "on a full disk", says: "No space left")
        try handle.close()
        try FileManager.default.removeItem(atPath: filler)
        try expectSave(format, folder)
    }

    private func expectSave(_ format: SaveFormat, _ folder: String) throws {
        try format.save(format.version(3, isSmall: true), folder + "/" + format.file)
        guard try format.version(in: folder) == 3, try format.strays(in: folder).isEmpty else {
            throw Failure("\(format.name): with room again, the save is not whole")
        }
    }

    /// A save must fail with a typed error that gives the system's reason, and leave version 1.
    private func expectRefusal(
        _ format: SaveFormat, _ folder: String, _ place: String, says reason: String
    ) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        do {
            try format.save(format.version(2), folder + "/" + format.file)
            throw Failure("\(format.name): nothing was refused \(place)")
        } catch let error as DataFileError {
            guard error.description.contains(reason) else {
                throw Failure("\(format.name): the error \(place) says no reason: \(error)")
            }
        }
        guard try format.version(in: folder) == 1 else {
            throw Failure("\(format.name): the old file is another, \(place)")
        }
        guard try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == names else {
            throw Failure("\(format.name): the folder holds other names, \(place)")
        }
    }

    /// A folder that is none, one that is not there, and ones that may not be written to.
    private func refuseFolder(_ format: SaveFormat, _ folder: String) throws {
        let file = "\(folder)/file"
        try FuzzFile.write([1], to: file)
        var places = [file, "\(folder)/missing/deeper"]
        #if os(Linux)
            places.append("/proc/self")
        #endif
        if geteuid() != 0 {
            let closed = "\(folder)/closed"
            try FileManager.default.createDirectory(
                atPath: closed, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o555])
            places.append(closed)
        }
        for place in places {
            do {
                try format.save(format.version(2, isSmall: true), "\(place)/\(format.file)")
                throw Failure("\(format.name): \(place) took a file")
            } catch is DataFileError {}
        }
    }
}
