import Adjoint
import Foundation

/// Trains a small network for some steps, and writes all that the run would go on from. The file
/// says with its every bit whether two runs were the same.
@main struct Repeat {
    static let usage = """
        usage: adjoint-repeat NETWORK --steps N --save FILE [--resume FILE]

        Trains one of \(Network.allCases.map(\.rawValue).joined(separator: ", ")) for N steps in all,
        at most \(Network.steps), and writes the state of the run. --resume: goes on from such a file.
        """

    static func main() {
        var words = CommandLine.arguments.dropFirst()
        var flags: [String: String] = [:]
        let network = words.popFirst().flatMap { Network(rawValue: $0) }
        while let flag = words.popFirst() {
            guard ["--steps", "--save", "--resume"].contains(flag), let value = words.popFirst()
            else { fail(usage, 64) }
            flags[flag] = value
        }
        guard let network, let steps = flags["--steps"].flatMap({ Int($0) }),
            (1...Network.steps).contains(steps), let path = flags["--save"]
        else { fail(usage, 64) }
        do {
            try withGenerator(seed: 7) {
                try network.train(steps, from: flags["--resume"], to: path)
            }
        } catch {
            fail("\(error)", 1)
        }
    }

    private static func fail(_ text: String, _ status: Int32) -> Never {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
        exit(status)
    }
}
