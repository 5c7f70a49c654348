import AdjointCore
import Foundation

extension MistakeTable {
    private struct Stray: Error {}

    /// Functions with a fault each, which the sweep must find at their second draw.
    static let saboteurs: [MistakeCall] = [
        saboteur("trap") {
            let sizes: [Int] = []
            _ = sizes[Int(getppid())]
        },
        saboteur("hang") { while getppid() >= 0 {} },
        saboteur("type") { throw Stray() },
        saboteur("silence") { throw TensorError(.argument, " ") },
        saboteur("memory") {
            let many = [UInt8](repeating: 1, count: 7 << 30)
            if many[Int(getppid())] == 0 { throw Stray() }
        },
    ]

    private static func saboteur(_ fault: String, _ fail: @escaping @Sendable () throws -> Void)
        -> MistakeCall
    {
        MistakeCall(name: "saboteur-\(fault)") { d in
            if d.number == 1 { try fail() }
            d.take(d.tensor())
        }
    }
}
