/// Applies `body`, which returns a value and the function that pulls its gradient back.
public func customGradient(
    _ x: Tensor, _ body: @escaping @Sendable (Tensor) -> (Tensor, @Sendable (Tensor) -> Tensor)
) -> Tensor {
    CustomGradient(body: body).apply(x)
}

private struct CustomGradient: Function {
    let body: @Sendable (Tensor) -> (Tensor, @Sendable (Tensor) -> Tensor)

    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
        context.saveForBackward(inputs[0])
        return [body(inputs[0]).0]
    }

    // The pullback is made again from the saved input, so that it can be differentiated: what it
    // captured in the first pass has no history.
    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
        [body(context.savedTensors[0]).1(gradOutputs[0]!)]
    }
}
