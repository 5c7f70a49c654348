import Foundation

/// Calls `body` with the path of a new file that holds `bytes`, and removes it afterwards.
func withTemporaryFile<R>(
    _ bytes: some Sequence<UInt8>, named name: String = "data.bin", _ body: (String) throws -> R
) throws -> R {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("adjoint-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent(name)
    try Data(bytes).write(to: file)
    return try body(file.path)
}
