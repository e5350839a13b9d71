# The cohort of make_files.py as a SAS data set.
library(haven)
cohort <- read_sav("cohort.sav", user_na = TRUE)
plain <- data.frame(
  age = as.numeric(cohort$age), sex = as.numeric(cohort$sex), stage = as.numeric(cohort$stage),
  pain = as.numeric(cohort$pain), ferritin = as.numeric(cohort$ferritin), seen = as.Date(cohort$seen),
  note = as.character(cohort$note)
)
attr(plain$age, "label") <- "Age"
write_sas(plain, "cohort.sas7bdat")
