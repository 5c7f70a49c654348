// Serves the network that reads handwritten digits.
//
//     adjoint-server --write digits.safetensors      trains it, in seconds, and writes it
//     adjoint-server --model digits.safetensors      serves it at http://127.0.0.1:8080/predict
//     adjoint-server                                 trains it and serves it
import Adjoint
import AdjointExamples
import AdjointServing
import Foundation

guard let options = Options(CommandLine.arguments.dropFirst()) else { exit(2) }
do {
    let model = try network(options.model)
    if let path = options.write {
        try save(model.stateDict(), to: path)
        say("Saved in \(path).")
        exit(0)
    }
    // From here on nothing writes to the network, so that all requests may share it.
    model.eval()
    let server = try PredictionServer(port: options.port) { model($0) }
    try await server.run { port in
        say("POST images of [n, 1, 8, 8] to http://127.0.0.1:\(port)/predict; Ctrl-C ends it.")
    }
} catch {
    FileHandle.standardError.write(Data("adjoint-server: \(error)\n".utf8))
    exit(1)
}

/// The network of a file, or one that is trained now.
func network(_ path: String?) throws -> DigitNet {
    if let path {
        let model = DigitNet()
        try model.loadStateDict(try load(from: path))
        return model
    }
    say("Training on 1,438 images of digits...")
    let result = DigitsTraining().run()
    say(String(format: "Held-out images recognised: %.1f%%.", 100 * result.accuracy))
    return result.model
}

/// Writes a line at once, also into a pipe.
@Sendable func say(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }
