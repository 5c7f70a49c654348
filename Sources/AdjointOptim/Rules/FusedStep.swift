import AdjointCore

/// The memory that one optimiser step works on.
enum FusedStep {
    /// Calls `body` with the elements of a parameter, its gradient and its memories, all dense
    /// and of the type `T`. A parameter of another type is converted on the way in and out.
    static func run<T: TensorScalar>(
        _ parameter: Tensor, _ gradient: Tensor, _ memories: [Tensor], as type: T.Type,
        _ body: (
            UnsafeMutablePointer<T>, UnsafePointer<T>, [UnsafeMutablePointer<T>], Int
        ) -> Void
    ) {
        let isStaged = parameter.dtype != T.tensorDType
        let target = isStaged ? parameter.detach().to(T.tensorDType) : parameter
        let source = gradient.detach().to(T.tensorDType)
        source.withUnsafeBuffer(of: T.self) { g in
            write(memories, []) { pointers in
                target.withUnsafeMutableBuffer(of: T.self) { p in
                    guard let base = p.baseAddress, let from = g.baseAddress else { return }
                    body(base, from, pointers, min(p.count, g.count))
                }
            }
        }
        if isStaged { parameter.copy_(target) }
    }

    /// Opens the tensors' memory one after the other.
    private static func write<T: TensorScalar>(
        _ tensors: [Tensor], _ open: [UnsafeMutablePointer<T>],
        _ body: ([UnsafeMutablePointer<T>]) -> Void
    ) {
        guard open.count < tensors.count else { return body(open) }
        tensors[open.count].withUnsafeMutableBuffer(of: T.self) { buffer in
            guard let base = buffer.baseAddress else { return }
            write(tensors, open + [base], body)
        }
    }
}
