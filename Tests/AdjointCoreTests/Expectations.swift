import AdjointTesting
import Synchronization
import Testing

@testable import AdjointCore

/// The elements of a tensor, or nil where there is none: what most expectations compare.
func values(_ tensor: Tensor?) -> [Double]? { tensor?.array(as: Double.self) }

/// A leaf that requires gradients.
func leaf(_ numbers: [Double], _ shape: [Int]? = nil, dtype: DType = .float64) -> Tensor {
    Tensor(numbers, shape: shape, dtype: dtype, requiresGrad: true)
}

/// A tensor of float64 numbers.
func numbers(_ numbers: [Double], _ shape: [Int]? = nil) -> Tensor {
    Tensor(numbers, shape: shape, dtype: .float64)
}

/// Checks that `body` raises an error of that kind, with these words in its message.
func expectError(
    _ kind: TensorError.Kind, _ words: String..., at location: SourceLocation = #_sourceLocation,
    _ body: () throws -> Void
) {
    guard let error = tensorError(body) else {
        Issue.record("no error was raised", sourceLocation: location)
        return
    }
    #expect(error.kind == kind, "\(error)", sourceLocation: location)
    for word in words {
        #expect(error.message.contains(word), "\(error)", sourceLocation: location)
    }
}

/// A list that hooks on other threads may append to.
final class Log<Element: Sendable>: Sendable {
    private let list = Mutex<[Element]>([])

    func add(_ element: Element) { list.withLock { $0.append(element) } }
    var all: [Element] { list.withLock { $0 } }
}
