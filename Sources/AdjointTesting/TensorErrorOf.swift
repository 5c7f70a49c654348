package import AdjointCore

/// The tensor error that `body` ends with inside `catchingTensorErrors`; nil where there is none.
package func tensorError(_ body: () throws -> Void) -> TensorError? {
    do {
        try catchingTensorErrors(body)
        return nil
    } catch {
        return error as? TensorError
    }
}
