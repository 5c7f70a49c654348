/// Numbers as tables of text write them: `-12`, `3.5`, `.5`, `1e-3`, with blanks around.
enum CSVNumber {
    /// The finite number that `bytes[range]` spells, or nil. Rounded as Swift rounds a literal.
    ///
    /// Up to 15 digits and powers of ten up to 22 are exact in float64, so that one multiplication
    /// or division rounds once and correctly (Clinger 1990); the standard library does the rest.
    static func parse(_ bytes: [UInt8], _ range: Range<Int>) -> Double? {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, isBlank(bytes[start]) { start += 1 }
        while start < end, isBlank(bytes[end - 1]) { end -= 1 }
        var index = start
        var negative = false
        if index < end, bytes[index] == plus || bytes[index] == minus {
            negative = bytes[index] == minus
            index += 1
        }
        var mantissa: UInt64 = 0
        var digits = 0
        var exponent = 0
        var sawPoint = false
        while index < end {
            let byte = bytes[index]
            if byte == point, !sawPoint {
                sawPoint = true
            } else if byte >= zero, byte <= nine {
                digits += 1
                if digits <= 18 { mantissa = mantissa * 10 + UInt64(byte - zero) }
                if sawPoint { exponent -= 1 }
            } else {
                break
            }
            index += 1
        }
        guard digits > 0 else { return nil }
        if index < end {
            guard bytes[index] | 0x20 == letterE, let shift = integer(bytes, (index + 1)..<end)
            else {
                return nil
            }
            exponent += shift
        }
        if digits <= 18, mantissa < 1 << 53, abs(exponent) <= 22 {
            let magnitude = Double(mantissa)
            let power = powersOfTen[abs(exponent)]
            let value = exponent < 0 ? magnitude / power : magnitude * power
            return negative ? -value : value
        }
        guard let value = Double(String(decoding: bytes[start..<end], as: UTF8.self)),
            value.isFinite
        else { return nil }
        return value
    }

    /// A whole number of at most four digits, with or without sign.
    private static func integer(_ bytes: [UInt8], _ range: Range<Int>) -> Int? {
        guard !range.isEmpty else { return nil }
        let signed = bytes[range.lowerBound] == plus || bytes[range.lowerBound] == minus
        let digits = bytes[range].dropFirst(signed ? 1 : 0)
        guard (1...4).contains(digits.count), digits.allSatisfy({ $0 >= zero && $0 <= nine }) else {
            return nil
        }
        let magnitude = digits.reduce(0) { $0 * 10 + Int($1 - zero) }
        return bytes[range.lowerBound] == minus ? -magnitude : magnitude
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static let plus = UInt8(ascii: "+")
    private static let minus = UInt8(ascii: "-")
    private static let point = UInt8(ascii: ".")
    private static let zero = UInt8(ascii: "0")
    private static let nine = UInt8(ascii: "9")
    private static let letterE = UInt8(ascii: "e")
    private static let powersOfTen: [Double] = (0...22).map { power in
        (0..<power).reduce(1.0) { value, _ in value * 10 }
    }
}
