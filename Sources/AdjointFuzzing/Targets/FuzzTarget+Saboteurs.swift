import AdjointCore
import AdjointData
import Foundation

extension FuzzTarget {
    /// Readers with a fault each, which the fuzzer must find: they fail at the input that is their
    /// second seed.
    public static let saboteurs: [FuzzTarget] = [
        saboteur("saboteur-crash") { _ in fatalError("a reader crashed") },
        saboteur("saboteur-hang") { _ in
            // A call of the system, so that the loop is not optimised away.
            while getppid() >= 0 {}
        },
        saboteur("saboteur-memory") { bytes in
            let many = [UInt8](repeating: 1, count: 64 << 20)
            if many[bytes.count] == 0 { throw Violation("memory holds another value") }
        },
        saboteur("saboteur-error") { _ in throw Stray() },
        saboteur("saboteur-return") { _ in
            try FuzzState.expectEqual(["a": Tensor([1.0])], ["a": Tensor([2.0])])
        },
    ]

    private struct Stray: Error {}

    private static func saboteur(
        _ name: String, _ fail: @escaping @Sendable ([UInt8]) throws -> Void
    ) -> FuzzTarget {
        FuzzTarget(
            name: name,
            makeSeeds: { _ in
                [FuzzSeed(lines: "good"), FuzzSeed(lines: "bad"), FuzzSeed(lines: "b")]
            },
            tokens: [], openers: [], memoryFactor: 64,
            check: { bytes, _ in if bytes == Array("bad".utf8) { try fail(bytes) } },
            isRefusal: { $0 is DataFileError })
    }
}
