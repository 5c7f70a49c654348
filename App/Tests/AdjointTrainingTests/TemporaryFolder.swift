import Foundation

/// Calls `body` with a function that gives the paths of files in a new folder, which holds `files`
/// and is removed afterwards.
func withFiles<R>(
    _ files: [String: String] = [:], _ body: (_ path: (String) -> String) throws -> R
) throws -> R {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("adjoint-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }
    return try body { folder.appendingPathComponent($0).path }
}
