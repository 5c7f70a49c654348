import CAdjoint

/// The two precisions that LAPACK computes in. Matrices are column-major without gaps; each
/// function returns LAPACK's `info`.
protocol LapackReal: Real {
    static var potrf: @Sendable (Int32, Int, UnsafeMutablePointer<Self>?) -> Int32 { get }
    static var getrf:
        @Sendable (Int, Int, UnsafeMutablePointer<Self>?, UnsafeMutablePointer<Int32>?) -> Int32
    { get }
    static var getrs:
        @Sendable (
            Int32, Int, Int, UnsafePointer<Self>?, UnsafePointer<Int32>?,
            UnsafeMutablePointer<Self>?
        ) -> Int32
    { get }
    static var geqrf:
        @Sendable (Int, Int, UnsafeMutablePointer<Self>?, UnsafeMutablePointer<Self>?) -> Int32
    { get }
    static var orgqr:
        @Sendable (Int, Int, Int, UnsafeMutablePointer<Self>?, UnsafePointer<Self>?) -> Int32
    { get }
    static var gesdd:
        @Sendable (
            Int32, Int, Int, UnsafeMutablePointer<Self>?, UnsafeMutablePointer<Self>?,
            UnsafeMutablePointer<Self>?, UnsafeMutablePointer<Self>?
        ) -> Int32
    { get }
    static var syevd:
        @Sendable (
            Int32, Int32, Int, UnsafeMutablePointer<Self>?, UnsafeMutablePointer<Self>?
        ) -> Int32
    { get }
    /// Solves a triangular system in row-major matrices.
    static var trsm:
        @Sendable (
            Int32, Int32, Int, Int, UnsafePointer<Self>?, UnsafeMutablePointer<Self>?
        ) -> Void
    { get }
}

extension Float: LapackReal {
    static var potrf: @Sendable (Int32, Int, UnsafeMutablePointer<Float>?) -> Int32 {
        adj_potrf_f32
    }
    static var getrf:
        @Sendable (Int, Int, UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Int32>?) -> Int32
    { adj_getrf_f32 }
    static var getrs:
        @Sendable (
            Int32, Int, Int, UnsafePointer<Float>?, UnsafePointer<Int32>?,
            UnsafeMutablePointer<Float>?
        ) -> Int32
    { adj_getrs_f32 }
    static var geqrf:
        @Sendable (Int, Int, UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Float>?) -> Int32
    { adj_geqrf_f32 }
    static var orgqr:
        @Sendable (Int, Int, Int, UnsafeMutablePointer<Float>?, UnsafePointer<Float>?) -> Int32
    { adj_orgqr_f32 }
    static var gesdd:
        @Sendable (
            Int32, Int, Int, UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Float>?,
            UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Float>?
        ) -> Int32
    { adj_gesdd_f32 }
    static var syevd:
        @Sendable (
            Int32, Int32, Int, UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Float>?
        ) -> Int32
    { adj_syevd_f32 }
    static var trsm:
        @Sendable (
            Int32, Int32, Int, Int, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?
        ) -> Void
    { adj_trsm_f32 }
}

extension Double: LapackReal {
    static var potrf: @Sendable (Int32, Int, UnsafeMutablePointer<Double>?) -> Int32 {
        adj_potrf_f64
    }
    static var getrf:
        @Sendable (Int, Int, UnsafeMutablePointer<Double>?, UnsafeMutablePointer<Int32>?) -> Int32
    { adj_getrf_f64 }
    static var getrs:
        @Sendable (
            Int32, Int, Int, UnsafePointer<Double>?, UnsafePointer<Int32>?,
            UnsafeMutablePointer<Double>?
        ) -> Int32
    { adj_getrs_f64 }
    static var geqrf:
        @Sendable (Int, Int, UnsafeMutablePointer<Double>?, UnsafeMutablePointer<Double>?) -> Int32
    { adj_geqrf_f64 }
    static var orgqr:
        @Sendable (Int, Int, Int, UnsafeMutablePointer<Double>?, UnsafePointer<Double>?) -> Int32
    { adj_orgqr_f64 }
    static var gesdd:
        @Sendable (
            Int32, Int, Int, UnsafeMutablePointer<Double>?, UnsafeMutablePointer<Double>?,
            UnsafeMutablePointer<Double>?, UnsafeMutablePointer<Double>?
        ) -> Int32
    { adj_gesdd_f64 }
    static var syevd:
        @Sendable (
            Int32, Int32, Int, UnsafeMutablePointer<Double>?, UnsafeMutablePointer<Double>?
        ) -> Int32
    { adj_syevd_f64 }
    static var trsm:
        @Sendable (
            Int32, Int32, Int, Int, UnsafePointer<Double>?, UnsafeMutablePointer<Double>?
        ) -> Void
    { adj_trsm_f64 }
}
