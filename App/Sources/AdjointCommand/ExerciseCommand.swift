@_spi(Messages) import AdjointData
import AdjointTraining
import ArgumentParser
import Foundation

/// `adjoint exercise`.
struct ExerciseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exercise",
        abstract: "Small programs to finish, and whether yours is right.",
        subcommands: [List.self, Start.self, Check.self])

    /// `adjoint exercise list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "The exercises, in order.")

        func run() throws {
            let width = SwiftExercise.all.map(\.name.count).max() ?? 0
            for exercise in SwiftExercise.all {
                let name = exercise.name.padding(toLength: width, withPad: " ", startingAt: 0)
                StandardOutput.line("\(name)  \(exercise.summary)")
            }
        }
    }

    /// `adjoint exercise start`.
    struct Start: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "start", abstract: "Write the unfinished file of an exercise here.")

        @Argument(help: "The exercise, as 'adjoint exercise list' names it.")
        var name: String

        func run() throws {
            let exercise = try SwiftExercise.named(name)
            let path = FileManager.default.currentDirectoryPath + "/" + exercise.file
            guard FileManager.default.createFileUnlessThere(path, Data(exercise.starter.utf8))
            else {
                throw ValidationError(
                    "\(exercise.file) is already here, or cannot be written; nothing was changed")
            }
            StandardOutput.line(
                "Wrote \(exercise.file). When it is done: adjoint exercise check \(exercise.file)")
        }
    }

    /// `adjoint exercise check`.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Compile your file with a few tests, and say what is right and wrong.",
            discussion: """
                The first lines of the file say which exercise it is. It is compiled in a \
                temporary folder and runs for a few seconds at most. The exit status is 0 if \
                everything is right, 1 if something is not, and 2 if there is nothing to check.
                """)

        @Argument(help: "Your Swift file.")
        var file: String

        @Option(help: "The exercise, where the file does not say it.")
        var exercise: String?

        @Option(help: "Seconds that the program may run.")
        var seconds: Double = 10

        func validate() throws {
            guard seconds > 0, seconds <= 600 else {
                throw ValidationError("--seconds is a number above 0 and up to 600")
            }
        }

        func run() throws {
            let source = try answer()
            let chosen = try exercise.map(SwiftExercise.named) ?? told(by: source)
            let outcome = try LearnerProgram(chosen, source: source, file: file, limit: seconds)
                .check()
            for line in outcome.lines { StandardOutput.line(line) }
            if !outcome.isRight { throw ExitCode.failure }
        }

        /// What the file holds: text of a reasonable length.
        private func answer() throws -> String {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder),
                !isFolder.boolValue, let data = FileManager.default.contents(atPath: file)
            else { throw ValidationError("there is no file '\(file)' that can be read") }
            guard data.count <= 1 << 20, let text = String(data: data, encoding: .utf8) else {
                throw ValidationError("'\(file)' is no Swift file: it is not text, or over 1 MiB")
            }
            return text
        }

        private func told(by source: String) throws -> SwiftExercise {
            let mark = "// Exercise:"
            let first = source.components(separatedBy: .newlines).prefix(20)
                .first { $0.hasPrefix(mark) }
            if let first {
                return try SwiftExercise.named(
                    first.dropFirst(mark.count).trimmingCharacters(in: .whitespaces))
            }
            let name = URL(fileURLWithPath: file).lastPathComponent
            if let exercise = SwiftExercise.all.first(where: { $0.file == name }) {
                return exercise
            }
            throw ValidationError(
                "'\(file)' does not say which exercise it is; begin it with a line such as "
                    + "'// Exercise: mini-autograd', or give --exercise NAME")
        }
    }
}

extension SwiftExercise {
    /// The exercise of this name, or a usage error that says which there are.
    static func named(_ name: String) throws -> SwiftExercise {
        if let found = all.first(where: { $0.name == name }) { return found }
        let names = all.map(\.name)
        throw ValidationError(
            "there is no exercise '\(name)'; "
                + (nearestName(to: name, among: names).map { "did you mean '\($0)'?" }
                    ?? "they are \(names.joined(separator: ", "))"))
    }
}

extension FileManager {
    /// Writes a new file. False where there is one already, or where none can be made.
    fileprivate func createFileUnlessThere(_ path: String, _ data: Data) -> Bool {
        (try? data.write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)) != nil
    }
}
