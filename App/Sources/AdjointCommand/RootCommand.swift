@_spi(Messages) import AdjointData
import ArgumentParser

/// `adjoint`.
struct RootCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adjoint",
        abstract: "Trains neural networks, and uses them.",
        discussion: "Without arguments, 'adjoint train' learns to read handwritten digits.",
        version: "0.1.0",
        subcommands: [
            TrainCommand.self, EvaluateCommand.self, PredictCommand.self, InspectCommand.self,
            ConvertCommand.self, ConformanceCommand.self, StudioCommand.self,
            ExerciseCommand.self, TraceCommand.self, ExportCommand.self,
        ])

    /// Refuses a first argument that is no subcommand, naming the nearest one.
    static func checkSubcommand(_ arguments: [String]) throws {
        let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard let first = arguments.first, !first.hasPrefix("-"), !names.contains(first) else {
            return
        }
        let nearest = nearestName(to: first, among: names)
        throw ValidationError(
            "there is no command '\(first)'; "
                + (nearest.map { "did you mean '\($0)'?" }
                    ?? "the commands are \(names.joined(separator: ", "))"))
    }
}
