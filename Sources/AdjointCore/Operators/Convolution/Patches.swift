/// All windows of `x`, [batch, channels, height, width] or without the batch, as columns: [batch,
/// channels · window, windows]. Same as `torch.nn.functional.unfold`.
///
/// - Parameters:
///   - x: [batch, channels, height, width], or without the batch.
///   - kernelSize: The window, one number or two.
///   - dilation: The distance between the elements that a window takes.
///   - padding: Zeros on both sides.
///   - stride: The step of the window.
/// - Errors: `.shape` where no window fits, `.argument` for sizes below 1 and the like.
public func unfold(
    _ x: Tensor, kernelSize: any SpatialSize, dilation: any SpatialSize = 1,
    padding: any SpatialSize = 0, stride: any SpatialSize = 1
) -> Tensor {
    if x.isPoisoned { return x }
    do throws(TensorError) {
        if x.ndim != 3 && x.ndim != 4 {
            throw TensorError(
                .shape, "expected an input of 3 or 4 dimensions, but got shape \(x.shape)")
        }
        let window = try Window(
            2, kernel: kernelSize, stride: stride, padding: padding, dilation: dilation)
        let output = try window.outputSizes(Array(x.shape.suffix(2)))
        var y = x.ndim == 3 ? x.unsqueeze(0) : x
        let (rows, columns) = (window.padding[0], window.padding[1])
        if rows != 0 || columns != 0 { y = pad(y, [columns, columns, rows, rows]) }
        for i in 0..<2 {
            // The last dimension becomes the window, without what dilation leaves out.
            y = y.unfold(dim: 2 + i, size: window.reach(i), step: window.stride[i])
            if window.dilation[i] > 1 {
                y = apply(
                    Slice(
                        dim: -1, start: 0, length: window.kernel[i], step: window.dilation[i]), y)
            }
        }
        if y.isPoisoned { return y }
        let sizes = [
            y.shape[0], try Door.product([y.shape[1]] + window.kernel), try Door.product(output),
        ]
        let columnsOf = y.permute([0, 1, 4, 5, 2, 3]).reshape(sizes)
        return x.ndim == 3 ? columnsOf.squeeze(0) : columnsOf
    } catch {
        return Failure.poison(
            TensorError(error.kind, error.message, operation: "unfold"), like: x.sizes, x.dtype)
    }
}

/// The columns of `unfold`, [batch, channels · window, windows] or without the batch, added up at
/// their places: [batch, channels, height, width]. Same as `torch.nn.functional.fold`.
///
/// - Parameters:
///   - x: [batch, channels · window, windows], or without the batch.
///   - outputSize: Height and width. For the others see `unfold`.
///   - kernelSize: The size of the window, one number or one a dimension.
///   - dilation: How far apart the window's elements lie; 1 for neighbours.
///   - padding: The zeros that `unfold` added on both sides.
///   - stride: How far the window moves at a time, one number or one a dimension.
/// - Errors: `.shape` where the columns are not those of windows over `outputSize`.
public func fold(
    _ x: Tensor, outputSize: any SpatialSize, kernelSize: any SpatialSize,
    dilation: any SpatialSize = 1, padding: any SpatialSize = 0, stride: any SpatialSize = 1
) -> Tensor {
    if x.isPoisoned { return x }
    do throws(TensorError) {
        let window = try Window(
            2, kernel: kernelSize, stride: stride, padding: padding, dilation: dilation)
        // Checked as the sizes of windows are.
        let size = try Window(2, kernel: outputSize, stride: 1).kernel
        let places = try window.outputSizes(size)
        let windows = try Door.product(places)
        let elements = window.kernel.reduce(1, *)
        guard x.ndim == 2 || x.ndim == 3, x.shape[x.ndim - 2] % elements == 0,
            x.shape[x.ndim - 1] == windows
        else {
            throw TensorError(
                .shape,
                "expected columns of shape [batch, channels · \(elements), "
                    + "\(windows)] for windows over \(size), but got shape \(x.shape)"
            )
        }
        let columns = x.ndim == 2 ? x.unsqueeze(0) : x
        let (batch, channels) = (columns.shape[0], columns.shape[1] / elements)
        var y = columns.reshape([batch, channels] + window.kernel + places)
            .permute([0, 1, 4, 5, 2, 3])
        let padded = (0..<2).map { size[$0] + 2 * window.padding[$0] }
        // The transpose of each step of `unfold`, the last one first.
        let wide = [batch, channels, places[0], padded[1], window.kernel[0]]
        for (i, sizes) in [(1, wide), (0, [batch, channels] + padded)] {
            let view = Unfold(dim: 2 + i, size: window.reach(i), step: window.stride[i])
            if window.dilation[i] > 1 {
                let taken = Slice(
                    dim: -1, start: 0, length: window.kernel[i], step: window.dilation[i])
                let whole = try view.view(Layout(contiguous: Dims(sizes))).sizes
                y = apply(SliceBackward(taken, whole), Operands(y))
            }
            y = apply(ViewBackward(view, Dims(sizes)), Operands(y))
        }
        for i in 0..<2 where window.padding[i] > 0 && !y.isPoisoned {
            y = y.narrow(dim: 2 + i, start: window.padding[i], length: size[i])
        }
        return x.ndim == 2 ? y.squeeze(0) : y
    } catch {
        return Failure.poison(
            TensorError(error.kind, error.message, operation: "fold"), like: x.sizes, x.dtype)
    }
}
