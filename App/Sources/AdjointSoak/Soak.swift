// Lets the library work for long, and looks whether its memory or its time grows.
//
//     adjoint-soak server --requests 100000
//     adjoint-soak names --seconds 3600
//
// Without a name it does both, so long. The exit status is 1 where something grew.
import CMeter
import Foundation

@main
enum Soak {
    static func main() {
        meter_write_lines()
        var rest = CommandLine.arguments.dropFirst()
        var names: [String] = []
        var (seconds, requests, leak) = (3600.0, 100_000, 0)
        while let word = rest.popFirst() {
            switch word {
            case "server", "names": names.append(word)
            case "--seconds": seconds = rest.popFirst().flatMap(Double.init) ?? 0
            case "--requests": requests = rest.popFirst().flatMap { Int($0) } ?? 0
            // For the tests of this program: so many bytes are lost in every step.
            case "--leak": leak = rest.popFirst().flatMap { Int($0) } ?? 0
            default: seconds = 0
            }
        }
        guard seconds >= 1, requests >= 1000 else {
            print(
                "usage: adjoint-soak [server] [names] [--requests N, from 1000] "
                    + "[--seconds N, from 1]")
            exit(2)
        }
        var isFlat = true
        do {
            if names.isEmpty || names.contains("server") {
                isFlat = try ServerSoak(requests: requests).run() && isFlat
            }
            if names.isEmpty || names.contains("names") {
                isFlat = NamesSoak(seconds: seconds, leak: leak).run() && isFlat
            }
        } catch {
            print("failed: \(error)")
            exit(1)
        }
        exit(isFlat ? 0 : 1)
    }
}
