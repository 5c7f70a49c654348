import Foundation

/// A learner's file, compiled together with the checks of its exercise and run.
struct LearnerProgram {
    let exercise: SwiftExercise
    let source: String
    /// The file's name as the learner gave it.
    let file: String
    /// Seconds that the program may run.
    let limit: Double

    init(_ exercise: SwiftExercise, source: String, file: String, limit: Double) {
        self.exercise = exercise
        self.source = source
        self.file = file
        self.limit = limit
    }

    /// What came of it, in words.
    struct Outcome {
        let isRight: Bool
        let lines: [String]
    }

    /// Nothing of the learner's says anything about this machine, so the run cannot begin.
    struct Obstacle: Error, CustomStringConvertible {
        let description: String
    }

    /// Compiles and runs in a new folder, which is removed afterwards.
    func check() throws -> Outcome {
        guard let compiler = Self.program("swiftc") else {
            throw Obstacle(
                description: "there is no swiftc on the PATH; install Swift: swift.org/install")
        }
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("adjoint-exercise-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try write(source, "Answer.swift", folder)
        let imports = exercise.needsLibrary ? "import Adjoint\n" : ""
        try write(imports + ExerciseJudge.source + exercise.checks + "\n", "main.swift", folder)
        var arguments = [
            "-swift-version", "5", "-Onone", "-suppress-warnings", "-module-name", "Exercise",
            "Answer.swift", "main.swift", "-o", "exercise",
        ]
        if exercise.needsLibrary {
            guard let executable = LibraryBuild.executable,
                let library = LibraryBuild(beside: executable)
            else {
                throw Obstacle(
                    description: """
                        '\(exercise.name)' uses the library, and its build is not beside this \
                        command; use the one that 'make run' builds, App/.build/release/adjoint, \
                        or answer in 'adjoint studio', page Exercises
                        """)
            }
            arguments += library.arguments
        }
        let compiled = try BoundedProcess(compiler, arguments, in: folder, seconds: 300)
        guard compiled.ending == .exit(0) else { return try refused(compiled) }
        let mark = UUID().uuidString
        let ran = try BoundedProcess(
            folder.appendingPathComponent("exercise").path, [mark], in: folder, seconds: limit,
            memory: 4 << 20)
        return judged(ran, mark)
    }

    private func write(_ text: String, _ name: String, _ folder: URL) throws {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }

    /// Where `name` is among the folders of PATH.
    private static func program(_ name: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return path.split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
