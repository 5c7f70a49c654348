import AdjointCore

extension Calls {
    mutating func addConvolutions() {
        for dims in 1...3 {
            functional("conv\(dims)d") { arguments in
                let (x, weight) = (try arguments.tensor(0), try arguments.tensor(1, "weight"))
                let bias = try arguments.optionalTensor(2, "bias")
                let stride = try arguments.window(3, "stride", or: 1)
                let padding = try arguments.convolutionPadding(4)
                let dilation = try arguments.window(5, "dilation", or: 1)
                let groups = try arguments.int(6, "groups", or: 1)
                func call(
                    _ convolve: (
                        Tensor, Tensor, Tensor?, any SpatialSize, Padding, any SpatialSize, Int
                    ) -> Tensor
                ) -> [any CallResult] {
                    [convolve(x, weight, bias, stride, padding, dilation, groups)]
                }
                return dims == 1 ? call(conv1d) : dims == 2 ? call(conv2d) : call(conv3d)
            }
            functional("conv_transpose\(dims)d") { arguments in
                let (x, weight) = (try arguments.tensor(0), try arguments.tensor(1, "weight"))
                let bias = try arguments.optionalTensor(2, "bias")
                let stride = try arguments.window(3, "stride", or: 1)
                let padding = try arguments.window(4, "padding", or: 0)
                let more = try arguments.window(5, "output_padding", or: 0)
                let groups = try arguments.int(6, "groups", or: 1)
                let dilation = try arguments.window(7, "dilation", or: 1)
                let convolve =
                    dims == 1 ? convTranspose1d : dims == 2 ? convTranspose2d : convTranspose3d
                return [convolve(x, weight, bias, stride, padding, more, groups, dilation)]
            }
        }
        functional("unfold") {
            [
                unfold(
                    try $0.tensor(0), kernelSize: try $0.window(1, "kernel_size", or: 1),
                    dilation: try $0.window(2, "dilation", or: 1),
                    padding: try $0.window(3, "padding", or: 0),
                    stride: try $0.window(4, "stride", or: 1))
            ]
        }
        functional("fold") {
            [
                fold(
                    try $0.tensor(0), outputSize: try $0.window(1, "output_size", or: 1),
                    kernelSize: try $0.window(2, "kernel_size", or: 1),
                    dilation: try $0.window(3, "dilation", or: 1),
                    padding: try $0.window(4, "padding", or: 0),
                    stride: try $0.window(5, "stride", or: 1))
            ]
        }
    }

    mutating func addPooling() {
        for dims in 1...3 {
            functional("avg_pool\(dims)d") { try $0.averagePool(dims) }
            functional("max_pool\(dims)d") { try $0.maximumPool(dims) }
            functional("max_unpool\(dims)d") { try $0.maximumUnpool(dims) }
            functional("adaptive_avg_pool\(dims)d") {
                let sizes = try $0.optionalInts(1, "output_size")
                let x = try $0.tensor(0)
                switch dims {
                case 1: return [adaptiveAvgPool1d(x, sizes[0] ?? x.shape[x.ndim - 1])]
                case 2: return [adaptiveAvgPool2d(x, sizes)]
                default: return [adaptiveAvgPool3d(x, sizes)]
                }
            }
            functional("adaptive_max_pool\(dims)d") {
                let sizes = try $0.optionalInts(1, "output_size")
                let x = try $0.tensor(0)
                let (values, indices) =
                    switch dims {
                    case 1: adaptiveMaxPool1dWithIndices(x, sizes[0] ?? x.shape[x.ndim - 1])
                    case 2: adaptiveMaxPool2dWithIndices(x, sizes)
                    default: adaptiveMaxPool3dWithIndices(x, sizes)
                    }
                return try $0.bool(2, "return_indices") ? [values, indices] : [values]
            }
        }
    }
}

extension Arguments {
    /// Zeros, or the words "same" and "valid".
    fileprivate func convolutionPadding(_ position: Int) throws -> Padding {
        if case .text(let word)? = argument(position, "padding") {
            if word == "same" { return .same }
            if word == "valid" { return .valid }
            throw Mismatch("there is no padding '\(word)'")
        }
        return .zeros(try window(position, "padding", or: 0))
    }

    /// Integers and None: a list of them, or one.
    fileprivate func optionalInts(_ position: Int, _ keyword: String) throws -> [Int?] {
        guard case .list(let list)? = argument(position, keyword) else {
            return [try int(position, keyword)]
        }
        return try list.map {
            switch $0 {
            case .null: return nil
            case .int(let size): return size
            default: throw Mismatch("'\(keyword)' holds sizes and None, not \($0)")
            }
        }
    }

    fileprivate func averagePool(_ dims: Int) throws -> [any CallResult] {
        let x = try tensor(0)
        let kernel = try window(1, "kernel_size", or: 1)
        let stride = try ints(2, "stride").flatMap { $0.isEmpty ? nil : $0 }
        let padding = try window(3, "padding", or: 0)
        let (ceil, counts) = (
            try bool(4, "ceil_mode"), try bool(5, "count_include_pad", or: true)
        )
        if dims == 1 {
            return [
                avgPool1d(
                    x, kernelSize: kernel, stride: stride, padding: padding, ceilMode: ceil,
                    countIncludePad: counts)
            ]
        }
        let pool = dims == 2 ? avgPool2d : avgPool3d
        return [pool(x, kernel, stride, padding, ceil, counts, try int(6, "divisor_override"))]
    }

    fileprivate func maximumUnpool(_ dims: Int) throws -> [any CallResult] {
        let unpool = dims == 1 ? maxUnpool1d : dims == 2 ? maxUnpool2d : maxUnpool3d
        let (x, indices) = (try tensor(0), try tensor(1, "indices"))
        let kernel = try window(2, "kernel_size", or: 1)
        let stride = try ints(3, "stride").flatMap { $0.isEmpty ? nil : $0 }
        let padding = try window(4, "padding", or: 0)
        return [unpool(x, indices, kernel, stride, padding, try ints(5, "output_size"))]
    }

    fileprivate func maximumPool(_ dims: Int) throws -> [any CallResult] {
        let (values, indices) = maxPoolWithIndices(
            try tensor(0), dims: dims, kernelSize: try window(1, "kernel_size", or: 1),
            stride: try ints(2, "stride").flatMap { $0.isEmpty ? nil : $0 },
            padding: try window(3, "padding", or: 0), dilation: try window(4, "dilation", or: 1),
            ceilMode: try bool(5, "ceil_mode"))
        return try bool(6, "return_indices") ? [values, indices] : [values]
    }
}
