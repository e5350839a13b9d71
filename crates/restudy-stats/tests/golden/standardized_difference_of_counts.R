# Golden values of the standardised difference of two distributions over categories (Yang & Dalton 2012): Mahalanobis's
# distance of the means of the indicators of all categories but the last, as stddiff has it, from rows rather than counts.
# Rscript standardized_difference_of_counts.R > standardized_difference_of_counts.json
indicators <- function(counts) {
  used <- rep(seq_along(counts), counts)
  sapply(seq_len(length(counts) - 1), function(k) as.numeric(used == k))
}
covariance <- function(x) cov.wt(x, method = "ML")$cov
case <- function(first, second) {
  a <- indicators(first); b <- indicators(second)
  pooled <- (covariance(a) + covariance(b)) / 2
  list(first = first, second = second, difference = sqrt(mahalanobis(colMeans(a), colMeans(b), pooled)))
}
cases <- list(case(c(9, 12), c(30, 10)), case(c(4, 9, 8), c(20, 12, 8)), case(c(1, 5, 7, 8), c(0, 12, 20, 8)),
              case(c(3, 1, 4, 1, 5, 9), c(2, 7, 1, 8, 2, 8)), case(c(100, 200, 300), c(100, 200, 300)),
              case(c(1, 999, 50), c(700, 2, 50)))
cat(jsonlite::toJSON(list(generated_with = paste("R", getRversion()), cases = cases), auto_unbox = TRUE, digits = I(17)), "\n")
