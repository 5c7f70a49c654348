import Adjoint
import AdjointTrace

/// What runs an example and wants to know where it is.
final class ExampleProgress: Sendable {
    /// The values of the parameters.
    let values: [String: Double]
    /// A line begins.
    let moved: @Sendable (Int) -> Void
    /// A tensor has got the name of a variable.
    let named: @Sendable (Tensor, String) -> Void

    init(
        values: [String: Double], moved: @escaping @Sendable (Int) -> Void = { _ in },
        named: @escaping @Sendable (Tensor, String) -> Void = { _, _ in }
    ) {
        self.values = values
        self.moved = moved
        self.named = named
    }

    @TaskLocal static var current = ExampleProgress(values: [:])
}

/// The marks between the statements of embedded examples.
extension Example {
    /// A line begins.
    static func at(_ line: Int) { ExampleProgress.current.moved(line) }

    /// The program calls `tensor` by this name.
    static func named(_ tensor: Tensor, _ name: String) {
        ExampleProgress.current.named(tensor, name)
    }

    /// The parts of a network and their parameters have the names of its properties.
    static func named(_ module: some Module, _ name: String) {
        Trace.name(module)
        for (path, tensor) in module.namedParameters() {
            ExampleProgress.current.named(tensor, path)
        }
    }

    /// Anything else has no place in a trace.
    static func named<Value>(_ value: Value, _ name: String) {}

    /// The value of a parameter.
    static func number(_ name: String) -> Double { ExampleProgress.current.values[name] ?? 0 }

    static func whole(_ name: String) -> Int { Int(number(name)) }
}
