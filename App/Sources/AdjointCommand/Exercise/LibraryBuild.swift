import Foundation

/// What the build of this command left beside it: the library's modules and object files. A
/// learner's file is compiled against them in seconds, where a package of its own would first
/// build the library again. They fit the compiler that made them, and no other.
struct LibraryBuild {
    /// Arguments of `swiftc`.
    let arguments: [String]

    /// The modules that `import Adjoint` reaches.
    private static let modules = [
        "CAdjoint", "AdjointCore", "AdjointNN", "AdjointOptim", "AdjointData", "AdjointTrainer",
        "AdjointTrace", "Adjoint",
    ]

    /// Nil where the command was moved away from its build.
    init?(beside executable: URL) {
        let folder = executable.resolvingSymlinksInPath().deletingLastPathComponent()
        let modules = folder.appendingPathComponent("Modules")
        // Names the headers of the library's C part, where they are in the checkout.
        let headers = folder.appendingPathComponent("CAdjoint.build/module.modulemap")
        let files = FileManager.default
        guard
            files.fileExists(atPath: modules.appendingPathComponent("Adjoint.swiftmodule").path),
            files.fileExists(atPath: headers.path)
        else { return nil }
        var objects: [String] = []
        for name in Self.modules {
            let part = folder.appendingPathComponent("\(name).build")
            let found =
                files.enumerator(at: part, includingPropertiesForKeys: nil)?
                .compactMap { $0 as? URL }.filter { $0.pathExtension == "o" }.map(\.path) ?? []
            guard !found.isEmpty else { return nil }
            objects += found.sorted()
        }
        arguments =
            ["-I", modules.path, "-Xcc", "-fmodule-map-file=\(headers.path)"] + objects
    }

    /// The command itself.
    static var executable: URL? {
        Bundle.main.executableURL ?? CommandLine.arguments.first.map { URL(fileURLWithPath: $0) }
    }
}
