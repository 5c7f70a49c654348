//===--- adjoint_text.h - numbers as text -----------------------------------------------------===//

#ifndef ADJOINT_TEXT_H
#define ADJOINT_TEXT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Writes `value` with so many digits after the point, as `1.2500` or `1.2500e+00`, into `text` of
/// `capacity` bytes. The point is a point in every locale. Returns the number of bytes.
size_t adj_format_double(char *text, size_t capacity, int scientific, int digits, double value);

#ifdef __cplusplus
}
#endif

#endif
