/// In training, each element becomes 0 with probability `p`, and the others grow by 1 / (1 - p);
/// otherwise `x`. Draws from the current generator.
///
/// - Errors: `.argument` for a `p` outside 0...1.
public func dropout(_ x: Tensor, p: Double = 0.5, training: Bool = true) -> Tensor {
    if !(p >= 0 && p <= 1) {
        return Failure.poison(
            TensorError(
                .argument, "a dropout probability lies between 0 and 1, but is \(p)",
                operation: "dropout"), like: x.sizes, x.dtype)
    }
    if !training || p == 0 || x.isPoisoned { return x }
    if p == 1 { return x * 0 }
    let mask = Tensor.bernoulli(1 - p, x.shape, dtype: x.dtype, device: x.device)
    return x * mask.mul_(1 / (1 - p))
}
