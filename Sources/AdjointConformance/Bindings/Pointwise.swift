import AdjointCore

extension Calls {
    /// Elementwise functions, comparisons, special functions.
    mutating func addPointwise() {
        addArithmetic()
        addPowers()
        addPairs()
        addComparisons()
        addBits()
        addLimits()
        addConversions()
        addUnary()
        addSpecial()
    }

    private mutating func addArithmetic() {
        bind("add") { call in
            guard let alpha = try call.number(nil, "alpha") else {
                return try call.pair({ $0 + $1 }, { $0 + $1 })
            }
            return try call.pair(
                { $0.add($1, alpha: alpha) }, { $0.add(Tensor.number(like: $0, $1, alpha)) })
        }
        bind("sub") { call in
            guard let alpha = try call.number(nil, "alpha") else {
                return try call.pair({ $0 - $1 }, { $0 - $1 })
            }
            return try call.pair(
                { $0.sub($1, alpha: alpha) }, { $0.sub(Tensor.number(like: $0, $1, alpha)) })
        }
        bind("rsub") { call in
            let alpha = try call.number(nil, "alpha") ?? 1
            return try call.pair(
                { $0.rsub($1, alpha: alpha) }, { $0.rsub($1, alpha: alpha) })
        }
        bind("mul") { try $0.pair({ $0 * $1 }, { $0 * $1 }) }
        bind("div", "true_divide") { call in
            guard let rounding = try call.rounding() else {
                return try call.pair({ $0 / $1 }, { $0 / $1 })
            }
            return try call.pair(
                { $0.div($1, rounding: rounding) }, { $0.div($1, rounding: rounding) })
        }
        bind("floor_divide") { try $0.pair({ $0.floorDivide($1) }, { $0.floorDivide($1) }) }
        bind("fmod") { try $0.pair({ $0.fmod($1) }, { $0.fmod($1) }) }
        bind("remainder") { try $0.pair({ $0.remainder($1) }, { $0.remainder($1) }) }
        bind("addcmul") { call in
            let value = try call.number(3, "value") ?? 1
            return [
                try call.tensor(0).addcmul(
                    try call.tensor(1, "tensor1"), try call.tensor(2, "tensor2"), value: value)
            ]
        }
        bind("addcdiv") { call in
            let value = try call.number(3, "value") ?? 1
            return [
                try call.tensor(0).addcdiv(
                    try call.tensor(1, "tensor1"), try call.tensor(2, "tensor2"), value: value)
            ]
        }
        bind("lerp") { call in
            let (x, end) = (try call.tensor(0), try call.tensor(1, "end"))
            if let weight = try call.number(2, "weight") { return [x.lerp(end, weight)] }
            return [x.lerp(end, try call.tensor(2, "weight"))]
        }
    }

    private mutating func addPowers() {
        bind("pow") { call in
            if let base = try call.number(0) { return [base ** (try call.tensor(1, "exponent"))] }
            return try call.pair(named: "exponent", { $0 ** $1 }, { $0 ** $1 })
        }
        bind("float_power") {
            try $0.pair(named: "exponent", { $0.floatPower($1) }, { $0.floatPower($1) })
        }
        bind("square") { [try $0.tensor(0).square()] }
    }

    private mutating func addPairs() {
        bind("atan2") { try $0.pair { $0.atan2($1) } }
        bind("hypot") { try $0.pair { $0.hypot($1) } }
        bind("fmax") { try $0.pair { $0.fmax($1) } }
        bind("fmin") { try $0.pair { $0.fmin($1) } }
        bind("maximum") { try $0.pair { $0.maximum($1) } }
        bind("minimum") { try $0.pair { $0.minimum($1) } }
        bind("logaddexp") { try $0.pair { $0.logaddexp($1) } }
        bind("logaddexp2") { try $0.pair { $0.logaddexp2($1) } }
        bind("heaviside") { try $0.pair(named: "values") { $0.heaviside($1) } }
        bind("copysign") { try $0.pair({ $0.copysign($1) }, { $0.copysign($1) }) }
        bind("xlogy", "special.xlogy") { try $0.pair({ $0.xlogy($1) }, { $0.xlogy($1) }) }
        bind("special.xlog1py") { try $0.pair({ $0.xlog1py($1) }, { $0.xlog1py($1) }) }
    }

    private mutating func addComparisons() {
        bind("eq") { try $0.pair({ $0 .== $1 }, { $0 .== $1 }) }
        bind("ne") { try $0.pair({ $0 .!= $1 }, { $0 .!= $1 }) }
        bind("lt") { try $0.pair({ $0 .< $1 }, { $0 .< $1 }) }
        bind("le") { try $0.pair({ $0 .<= $1 }, { $0 .<= $1 }) }
        bind("gt") { try $0.pair({ $0 .> $1 }, { $0 .> $1 }) }
        bind("ge") { try $0.pair({ $0 .>= $1 }, { $0 .>= $1 }) }
        bind("equal") { [try $0.tensor(0).equal(try $0.tensor(1, "other"))] }
        bind("isclose") { call in
            [
                try call.tensor(0).isclose(
                    try call.tensor(1, "other"), rtol: try call.double(2, "rtol", or: 1e-5),
                    atol: try call.double(3, "atol", or: 1e-8),
                    equalNaN: try call.bool(4, "equal_nan"))
            ]
        }
        bind("allclose") { call in
            [
                try call.tensor(0).allclose(
                    try call.tensor(1, "other"), rtol: try call.double(2, "rtol", or: 1e-5),
                    atol: try call.double(3, "atol", or: 1e-8),
                    equalNaN: try call.bool(4, "equal_nan"))
            ]
        }
        bind("isin") { call in
            [
                try call.tensorOrNumber(0, "elements").isin(
                    try call.tensorOrNumber(1, "test_elements"),
                    assumeUnique: try call.bool(nil, "assume_unique"),
                    invert: try call.bool(nil, "invert"))
            ]
        }
    }

    private mutating func addBits() {
        bind("logical_and") { try $0.pair { $0.logicalAnd($1) } }
        bind("logical_or") { try $0.pair { $0.logicalOr($1) } }
        bind("logical_xor") { try $0.pair { $0.logicalXor($1) } }
        bind("bitwise_and") { try $0.pair({ $0.bitwiseAnd($1) }, { $0.bitwiseAnd($1) }) }
        bind("bitwise_or") { try $0.pair({ $0.bitwiseOr($1) }, { $0.bitwiseOr($1) }) }
        bind("bitwise_xor") { try $0.pair({ $0.bitwiseXor($1) }, { $0.bitwiseXor($1) }) }
        bind("bitwise_left_shift") {
            try $0.pair({ $0.bitwiseLeftShift($1) }, { $0.bitwiseLeftShift($1) })
        }
        bind("bitwise_right_shift") {
            try $0.pair({ $0.bitwiseRightShift($1) }, { $0.bitwiseRightShift($1) })
        }
    }

    private mutating func addLimits() {
        bind("clamp") { call in
            let x = try call.tensor(0)
            return [try x.clamped(try call.limit(1, "min"), try call.limit(2, "max"))]
        }
        bind("clamp_min") { call in
            [try call.tensor(0).clamped(try call.limit(1, "min"), nil)]
        }
        bind("clamp_max") { call in
            [try call.tensor(0).clamped(nil, try call.limit(1, "max"))]
        }
        bind("nan_to_num") { call in
            [
                try call.tensor(0).nanToNum(
                    nan: try call.double(1, "nan", or: 0), posinf: try call.double(2, "posinf"),
                    neginf: try call.double(3, "neginf"))
            ]
        }
    }

    private mutating func addConversions() {
        bind("bool") { [try $0.tensor(0).bool()] }
        bind("double") { [try $0.tensor(0).double()] }
        bind("float") { [try $0.tensor(0).float()] }
        bind("half") { [try $0.tensor(0).half()] }
        bind("bfloat16") { [try $0.tensor(0).bfloat16()] }
        bind("int") { [try $0.tensor(0).int()] }
        bind("long") { [try $0.tensor(0).long()] }
        bind("short") { [try $0.tensor(0).short()] }
    }

    private mutating func addUnary() {
        bind("deg2rad") { [try $0.tensor(0).deg2rad()] }
        bind("rad2deg") { [try $0.tensor(0).rad2deg()] }
        bind("positive") { [try $0.tensor(0).positive()] }
        bind("signbit") { [try $0.tensor(0).signbit()] }
        bind("round") { [try $0.tensor(0).round(decimals: try $0.int(nil, "decimals", or: 0))] }
    }
}

extension Tensor {
    /// `number` · `alpha` as a number that leaves the dtype to `like`.
    fileprivate static func number(
        like: Tensor, _ number: any TensorScalar, _ alpha: any TensorScalar
    ) -> any TensorScalar {
        switch (number.scalar, alpha.scalar) {
        case (.int(let a), .int(let b)): Int(a &* b)
        case (let a, let b): a.double * b.double
        }
    }

    /// Cut off at two bounds, tensors or numbers.
    fileprivate func clamped(_ low: Arguments.Operand?, _ high: Arguments.Operand?) throws
        -> Tensor
    {
        let (p, q) = (low?.number, high?.number)
        switch (low, high) {
        case (.tensor(let low)?, .tensor(let high)?): return clamp(min: low, max: high)
        case (.tensor(let low)?, nil): return clamp(min: low)
        case (nil, .tensor(let high)?): return clamp(max: high)
        case (_?, _?):
            if let p, let q { return clamp(min: p, max: q) }
            throw Mismatch("the bounds are a tensor and a number")
        case (_?, nil): return clamp(min: p!)
        case (nil, _?): return clamp(max: q!)
        case (nil, nil): return clamp()
        }
    }
}
