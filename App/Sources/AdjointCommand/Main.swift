import AdjointTraining
import ArgumentParser
import Foundation

/// Runs the command and turns its errors into one line and an exit status: 2 for a command line
/// that cannot be understood, 1 for anything else that went wrong.
@main
enum Main {
    static func main() {
        // A reader that goes away ends the output, not the training.
        signal(SIGPIPE, SIG_IGN)
        do {
            let arguments = Array(CommandLine.arguments.dropFirst())
            try RootCommand.checkSubcommand(arguments)
            var command = try RootCommand.parseAsRoot(arguments)
            try command.run()
        } catch let stop as Stopped {
            exit(128 + stop.signal)
        } catch let code as ExitCode {
            // The command has said what is wrong.
            exit(code.rawValue)
        } catch {
            exit(report(error))
        }
    }

    private static func report(_ error: any Error) -> Int32 {
        switch RootCommand.exitCode(for: error) {
        case .success:  // --help and --version
            StandardOutput.line(RootCommand.fullMessage(for: error))
            return 0
        case .validationFailure:
            let message = RootCommand.message(for: error)
            StandardOutput.errorLine("adjoint: \(oneLine(message)) (see 'adjoint --help')")
            return 2
        default:
            StandardOutput.errorLine("adjoint: \(oneLine("\(error)"))")
            return 1
        }
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .joined(separator: " ")
    }
}

/// The run was stopped by a signal, and saved.
struct Stopped: Error {
    let signal: Int32
}
