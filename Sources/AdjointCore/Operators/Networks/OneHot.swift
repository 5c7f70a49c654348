/// A row of zeros with a one at each class number: [...] gives [..., classes], int64. Same as
/// `torch.nn.functional.one_hot`.
///
/// - Parameters:
///   - x: Class numbers, int64, of any shape.
///   - numClasses: How many classes there are; one more than the largest number if nil.
/// - Errors: `.index` for a number outside 0..<numClasses, `.dtype` for other dtypes than int64,
///   `.argument` for no classes, and for no numbers to find them from.
public func oneHot(_ x: Tensor, numClasses: Int? = nil) -> Tensor {
    func refuse(_ kind: TensorError.Kind, _ message: String) -> Tensor {
        Failure.poison(TensorError(kind, message, operation: "oneHot"), like: x.sizes, .int64)
    }
    if x.isPoisoned { return x }
    if x.dtype != .int64 {
        return refuse(.dtype, "class numbers are int64, but these are \(x.dtype)")
    }
    if let numClasses, numClasses < 1 {
        return refuse(.argument, "expected at least one class, but got \(numClasses)")
    }
    var count = numClasses ?? 0
    let numbers = x.underlying
    if numbers.numel == 0 {
        if numClasses == nil {
            return refuse(.argument, "no class numbers to find the number of classes from")
        }
    } else if x.device == .cpu {
        let (least, most) = (numbers.min().item() as Int, numbers.max().item() as Int)
        if numClasses == nil { count = most == .max ? most : most + 1 }
        if least < 0 || most >= count {
            return refuse(
                .index, "class number \(least < 0 ? least : most) lies outside 0..<\(count)")
        }
    } else if numClasses == nil {
        return refuse(.argument, "numClasses must be given for tensors without data")
    }
    return (x.unsqueeze(-1) .== Tensor.arange(count).to(x.device)).to(.int64)
}
